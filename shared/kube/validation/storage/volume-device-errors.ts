import type { Json } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { invalidValue, notFound, requiredValue } from "../../field-errors.ts";
import type { FieldError } from "../../served-kind.ts";
import { pathWithoutBackSteps } from "../text-rules.ts";
import { isThere } from "../zero-values.ts";
import { devicesOf, mountsOf } from "./container-volumes.ts";
import { errorsWhere } from "./errors-where.ts";
import type { MountableVolumes } from "./volumes-rule.ts";

/**
 * What is wrong with the bare disks of a container, which only claims can be: the path is that of
 * the container, "spec.containers[0]".
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#raw-block-volume-support
 */
export function volumeDeviceErrors(
  container: Json | undefined,
  path: string,
  volumes: MountableVolumes,
): readonly FieldError[] {
  const mounts = mountsOf(container);
  const mountNames = new Set(mounts.map((mount) => mount.name));
  const mountPaths = new Set(mounts.map((mount) => mount.path));
  const [names, paths] = [new Set<string>(), new Set<string>()];
  return errorsOfItems(devicesOf(container), (device) => {
    const nameAt = `${path}.volumeDevices[${device.index}].name`;
    const pathAt = `${path}.volumeDevices[${device.index}].devicePath`;
    const [isNameTaken, isPathTaken] = [names.has(device.name), paths.has(device.path)];
    const hasBackSteps = pathWithoutBackSteps(device.path, pathAt).length > 0;
    if (device.name !== "") names.add(device.name);
    if (!hasBackSteps) paths.add(device.path);
    const named = "must not already exist in volumeMounts";
    const placed = "must not already exist as a path in volumeMounts";
    return [
      ...errorsWhere(
        [device.name === "", requiredValue(nameAt)],
        [isNameTaken, invalidValue(nameAt, device.name, "must be unique")],
      ),
      ...claimErrors(device.name, nameAt, volumes),
      ...errorsWhere(
        [device.path === "", requiredValue(pathAt)],
        [isPathTaken, invalidValue(pathAt, device.path, "must be unique")],
        [hasBackSteps, invalidValue(pathAt, device.path, "can not contain backsteps ('..')")],
        [mountNames.has(device.name), invalidValue(nameAt, device.name, named)],
        [mountPaths.has(device.path), invalidValue(pathAt, device.path, placed)],
      ),
    ];
  });
}

function claimErrors(name: string, path: string, volumes: MountableVolumes): readonly FieldError[] {
  const volume = volumes.get(name);
  if (volume === undefined) return [notFound(path, name)];
  if (isThere(volume, "persistentVolumeClaim") || isThere(volume, "ephemeral")) return [];
  const because =
    "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
  return [invalidValue(path, name, because)];
}
