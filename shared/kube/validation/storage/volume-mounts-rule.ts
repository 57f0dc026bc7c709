import type { Json } from "../../../lib/kube-object.ts";
import type { Rule } from "../rule.ts";
import { volumeDeviceErrors } from "./volume-device-errors.ts";
import { volumeMountErrors } from "./volume-mount-errors.ts";
import { checkVolumes } from "./volumes-rule.ts";

/**
 * What the containers of a pod with these volumes ("spec.volumes") mount. The rule is one for a
 * container, "spec.containers[0]". A volume that something is wrong with is not found.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/
 */
export function volumeMountsRule(volumes: Json | undefined): Rule {
  const { mountable } = checkVolumes(volumes, "");
  return (container, path) => [
    ...volumeMountErrors(container, path, mountable),
    ...volumeDeviceErrors(container, path, mountable),
  ];
}
