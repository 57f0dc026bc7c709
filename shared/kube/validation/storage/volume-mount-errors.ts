import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import {
  forbiddenField,
  invalidValue,
  notFound,
  requiredValue,
  unsupportedValue,
} from "../../field-errors.ts";
import { at, isString, textOf } from "../../json.ts";
import type { FieldError } from "../../served-kind.ts";
import { oneOf } from "../rule.ts";
import { relativePath } from "../text-rules.ts";
import { isThere } from "../zero-values.ts";
import { devicesOf, mountsOf } from "./container-volumes.ts";
import { errorsWhere } from "./errors-where.ts";
import type { MountableVolumes } from "./volumes-rule.ts";

/**
 * What is wrong with where a container mounts the volumes of its pod: the path is that of the
 * container, "spec.containers[0]". Of a few fields a kube-apiserver tells the list's path only.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#volumes-1
 */
export function volumeMountErrors(
  container: Json | undefined,
  path: string,
  volumes: MountableVolumes,
): readonly FieldError[] {
  const devices = devicesOf(container);
  const deviceNames = new Set(devices.map((device) => device.name));
  const devicePaths = new Set(devices.map((device) => device.path));
  const taken = new Set<string>();
  const list = `${path}.volumeMounts`;
  return errorsOfItems(mountsOf(container), (mount) => {
    const nameAt = `${list}[${mount.index}].name`;
    const pathAt = `${list}[${mount.index}].mountPath`;
    const isTaken = taken.has(mount.path);
    taken.add(mount.path);
    const named = "must not already exist in volumeDevices";
    const placed = "must not already exist as a path in volumeDevices";
    return [
      ...errorsWhere(
        [mount.name === "", requiredValue(nameAt)],
        [!volumes.has(mount.name), notFound(nameAt, mount.name)],
        [mount.path === "", requiredValue(pathAt)],
        [isTaken, invalidValue(pathAt, mount.path, "must be unique")],
        [deviceNames.has(mount.name), invalidValue(nameAt, mount.name, named)],
        [devicePaths.has(mount.path), invalidValue(pathAt, mount.path, placed)],
      ),
      ...subPathErrors(mount.item, list, mount.index),
      ...propagationErrors(mount.item, container, `${list}.mountPropagation`),
      ...readOnlyErrors(mount.item, `${list}.recursiveReadOnly`),
    ];
  });
}

function subPathErrors(mount: JsonObject, list: string, index: number): readonly FieldError[] {
  const expression = textOf(at(mount, "subPathExpr")) ?? "";
  const hasBoth = expression !== "" && Boolean(textOf(at(mount, "subPath")));
  const both = "subPathExpr and subPath are mutually exclusive";
  return [
    ...relativePath(at(mount, "subPath"), `${list}.subPath`),
    ...(hasBoth ? [invalidValue(`${list}[${index}].subPathExpr`, expression, both)] : []),
    ...relativePath(expression, `${list}.subPathExpr`),
  ];
}

const propagation = oneOf("Bidirectional", "HostToContainer", "None");

function propagationErrors(
  mount: JsonObject,
  container: Json | undefined,
  path: string,
): readonly FieldError[] {
  const mode = at(mount, "mountPropagation");
  const isPrivileged = at(container, "securityContext", "privileged") === true;
  const because = "Bidirectional mount propagation is available only to privileged containers";
  const isRefused = mode === "Bidirectional" && !isPrivileged;
  return [...propagation(mode, path), ...(isRefused ? [forbiddenField(path, because)] : [])];
}

/** Read-only throughout: the mounts below a mount too. */
function readOnlyErrors(mount: JsonObject, path: string): readonly FieldError[] {
  const asked = at(mount, "recursiveReadOnly");
  if (!isString(asked) || asked === "Disabled") return [];
  if (asked !== "Enabled" && asked !== "IfPossible") {
    return [unsupportedValue(path, asked, ["Disabled", "Enabled", "IfPossible"])];
  }
  const isReadOnly = at(mount, "readOnly") === true;
  const spreads = isThere(mount, "mountPropagation") && at(mount, "mountPropagation") !== "None";
  const notSpread = "may only be specified when mountPropagation is None or not specified";
  return errorsWhere(
    [!isReadOnly, forbiddenField(path, "may only be specified when readOnly is true")],
    [spreads, forbiddenField(path, notSpread)],
  );
}
