import type { Rule } from "../rule.ts";
import { volumeDeviceErrors } from "./volume-device-errors.ts";
import { volumeMountErrors } from "./volume-mount-errors.ts";
import type { MountableVolumes } from "./volumes-rule.ts";

/**
 * What the containers of a pod with these volumes (those that nothing is wrong with) mount. The
 * rule is one for a container, "spec.containers[0]".
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/
 */
export function volumeMountsRule(volumes: MountableVolumes): Rule {
  return (container, path) => [
    ...volumeMountErrors(container, path, volumes),
    ...volumeDeviceErrors(container, path, volumes),
  ];
}
