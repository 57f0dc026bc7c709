import type { Json, JsonObject } from "../../../lib/kube-object.ts";
import { errorsOfItems } from "../../errors-of-items.ts";
import { duplicateValue, invalidValue, requiredValue } from "../../field-errors.ts";
import { arrayOf, at, isObject, textOf } from "../../json.ts";
import { nameErrors } from "../../object/name-rules.ts";
import type { FieldError } from "../../served-kind.ts";
import { dnsLabel } from "../text-rules.ts";
import { isThere } from "../zero-values.ts";
import { hasLongInterfaceName, longInterfaceName } from "./iscsi-source.ts";
import { volumeSource } from "./volume-source.ts";

/** Of a pod: what is wrong with a longer name is told once, not for each of its claims. */
const nameCharactersMax = 253;

/** The volumes of a pod that containers can mount, by their names. */
export type MountableVolumes = ReadonlyMap<string, JsonObject>;

/** What is wrong with a pod's volumes, and which of them nothing is wrong with. */
export interface CheckedVolumes {
  readonly errors: readonly FieldError[];
  readonly mountable: MountableVolumes;
}

/**
 * Checks the volumes of a pod: each has a name of its own and one source at most. The path is
 * "spec.volumes" of a pod or "spec.template.spec.volumes" of a workload. `podName` is that of a pod
 * that is made as it stands ("" while it has none): the names of its claims are known, and it needs
 * an image where a template's may still be filled in.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/
 */
export function checkVolumes(
  volumes: Json | undefined,
  path: string,
  podName?: string,
): CheckedVolumes {
  const mountable = new Map<string, JsonObject>();
  const owner = (podName ?? "").length > nameCharactersMax ? "" : podName;
  const made = new Set(owner ? claimsMadeFor(owner, volumes) : []);
  const errors = errorsOfItems(arrayOf(volumes), (volume, index) => {
    const where = `${path}[${index}]`;
    const name = textOf(at(volume, "name")) ?? "";
    const found = isObject(volume)
      ? [
          ...volumeSource(volume, where),
          ...podErrors(volume, where, owner),
          ...ownNameErrors(name, `${where}.name`, mountable),
        ]
      : [];
    if (found.length === 0 && isObject(volume)) mountable.set(name, volume);
    return [...found, ...claimErrors(volume, where, made)];
  });
  return { errors, mountable };
}

function ownNameErrors(
  name: string,
  path: string,
  mountable: MountableVolumes,
): readonly FieldError[] {
  if (name === "") return [requiredValue(path)];
  const taken = mountable.has(name) ? [duplicateValue(path, JSON.stringify(name))] : [];
  return [...dnsLabel(name, path), ...taken];
}

/** What is wrong with a source by the names of its volume and pod. */
function podErrors(volume: JsonObject, path: string, podName?: string): readonly FieldError[] {
  const name = textOf(at(volume, "name")) ?? "";
  const isLong = hasLongInterfaceName(name, at(volume, "iscsi"));
  const imageLacks = isThere(volume, "image") && !textOf(at(volume, "image", "reference"));
  const claim = `${podName}-${name}`;
  const hasClaim = Boolean(podName) && name !== "" && isThere(volume, "ephemeral");
  return [
    ...(isLong ? [invalidValue(`${path}.name`, name, longInterfaceName)] : []),
    ...(hasClaim ? nameErrors("dns-subdomain", claim) : []).map((because) =>
      invalidValue(`${path}.name`, name, `PVC name ${JSON.stringify(claim)}: ${because}`),
    ),
    ...(podName !== undefined && imageLacks ? [requiredValue(`${path}.image.reference`)] : []),
  ];
}

/** The claims that are made for the ephemeral volumes of a pod. */
function claimsMadeFor(podName: string, volumes: Json | undefined): readonly string[] {
  return arrayOf(volumes)
    .filter((volume) => isThere(volume, "ephemeral"))
    .map((volume) => `${podName}-${textOf(at(volume, "name")) ?? ""}`);
}

function claimErrors(volume: Json, path: string, made: ReadonlySet<string>): readonly FieldError[] {
  const claim = textOf(at(volume, "persistentVolumeClaim", "claimName"));
  if (claim === undefined || !made.has(claim)) return [];
  const because = "must not reference a PVC that gets created for an ephemeral volume";
  return [invalidValue(`${path}.persistentVolumeClaim.claimName`, claim, because)];
}
