import { forbiddenField, requiredValue, unsupportedValue } from "../../field-errors.ts";
import { fields, type Rule, required, whole } from "../rule.ts";
import { dnsLabel, dnsSubdomain } from "../text-rules.ts";
import { isSet, textOrEmpty } from "../zero-values.ts";

const named: Rule = fields({ name: required() });

const accountName: Rule = (value, path) => (value === "*" ? [] : dnsSubdomain(value, path));

/** Each kind of subject, with the field that says more of it. */
const kinds: Readonly<Record<string, readonly [field: string, rule: Rule]>> = {
  Group: ["group", named],
  ServiceAccount: [
    "serviceAccount",
    fields({
      name: required(accountName),
      namespace: required(dnsLabel, "must specify namespace for service account"),
    }),
  ],
  User: ["user", named],
};

/** Fields of other kinds, in the order in which a kube-apiserver tells them. */
const others: Readonly<Record<string, readonly string[]>> = {
  Group: ["ServiceAccount", "User"],
  ServiceAccount: ["User", "Group"],
  User: ["ServiceAccount", "Group"],
};

/**
 * Whose requests a FlowSchema is about: a user, a group or a service account.
 *
 * @see https://kubernetes.io/docs/concepts/cluster-administration/flow-control/#flowschema
 */
export const flowSubjectRule: Rule = whole((subject, path) => {
  const kind = textOrEmpty(subject["kind"]);
  if (kind === undefined) return [];
  const found = Object.hasOwn(kinds, kind) ? kinds[kind] : undefined;
  if (found === undefined) return [unsupportedValue(`${path}.kind`, kind, Object.keys(kinds))];
  const [field, rule] = found;
  const missing = requiredValue(
    `${path}.${field}`,
    `${field} is required when subject kind is '${kind}'`,
  );
  return [
    ...(isSet(subject[field]) ? rule(subject[field], `${path}.${field}`) : [missing]),
    ...(others[kind] ?? []).flatMap((other) => {
      const [name] = kinds[other] ?? [""];
      const because = `${name} is forbidden when subject kind is not '${other}'`;
      return isSet(subject[name]) ? [forbiddenField(`${path}.${name}`, because)] : [];
    }),
  ];
});
