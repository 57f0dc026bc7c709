import { forbiddenField, requiredValue } from "../../field-errors.ts";
import { at, fieldsOf } from "../../json.ts";
import { below, type Rule, whole } from "../rule.ts";
import { isThere } from "../zero-values.ts";

/** One of the places where the bytes of a volume can be. */
export interface VolumeSource {
  readonly field: string;
  readonly rule: Rule;
  /** What a kube-apiserver calls the field where something in it is wrong; left out: the field. */
  readonly shownAs?: string;
  /** What it calls the field where it is one source too many. */
  readonly shownAsSecond?: string;
  /** It is taken beside another source, which is an oversight upstream. */
  readonly mayBeSecond?: true;
}

/** An object has at most one source. The first is met by its rule, each later one is refused. */
export function atMostOneSource(sources: readonly VolumeSource[]): Rule {
  return whole((value, path) => {
    const there = sources.filter(({ field }) => isThere(value, field));
    return there.flatMap((source, index) => {
      const { field, rule, shownAs = field, shownAsSecond = field, mayBeSecond = false } = source;
      if (index === 0 || mayBeSecond) return rule(at(value, field), below(path, shownAs));
      const because = "may not specify more than 1 volume type";
      return [forbiddenField(below(path, shownAsSecond), because)];
    });
  });
}

/**
 * An object has exactly one source. `others` are the fields that are no sources: what is neither
 * may be the source of a newer Kubernetes.
 */
export function oneSource(sources: readonly VolumeSource[], others: readonly string[]): Rule {
  const known = new Set(others);
  const rule = atMostOneSource(sources);
  return whole((value, path) => {
    const given = fieldsOf(value).filter(([, each]) => each !== null);
    return given.every(([name]) => known.has(name))
      ? [requiredValue(path, "must specify a volume type")]
      : rule(value, path);
  });
}
