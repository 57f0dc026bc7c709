import { type FleetId, keyOf, kind } from "../../../shared/lib/document.ts";
import type { JsonObject, KubeBody } from "../../../shared/lib/kube-object.ts";

export interface SecretBody extends KubeBody {
  readonly type?: string;
  readonly data?: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

export const secrets = kind<SecretBody>("secrets");
export const configMaps = kind<SecretBody>("configmaps");

export const password = "correct-horse-battery-staple";
export const encoded = Buffer.from(password).toString("base64");

export const secretKey = (fleet: FleetId, name = "db") => keyOf(secrets, fleet, name, "app");

/** As `kubectl apply` leaves it: the annotation repeats it all. */
export function secretBody(value = encoded, labels: Record<string, string> = {}): SecretBody {
  const data = { password: value };
  const applied: JsonObject = { apiVersion: "v1", kind: "Secret", data, stringData: { a: value } };
  return {
    metadata: {
      labels,
      annotations: { "kubectl.kubernetes.io/last-applied-configuration": JSON.stringify(applied) },
      managedFields: [{ manager: "kubectl", fieldsV1: { "f:data": { "f:password": {} } } }],
    },
    type: "Opaque",
    data,
    stringData: { plain: password },
  };
}

/** All that tells the password, however it is written. */
export function tells(value: unknown): boolean {
  const text = JSON.stringify(value);
  return text.includes(password) || text.includes(encoded) || text.includes(encoded.slice(0, 20));
}
