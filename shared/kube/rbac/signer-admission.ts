/**
 * Who decides on CertificateSigningRequests and who signs them needs more than their subresources:
 * the verb "approve" or "sign" on the signer, or on all signers of its domain.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/certificate-signing-requests/
 */
import type { Admission } from "../admission.ts";
import { at, jsonEquals, textOf } from "../json.ts";
import type { Access, AccessAttributes } from "../kube-api.ts";
import type { KubeObject } from "../served-kind.ts";
import { forbidden, resourceName } from "../status-error.ts";

const group = "certificates.k8s.io";

/** Refuses with 403. */
export function signerAdmission(
  authorize: (attributes: AccessAttributes) => Access | Promise<Access>,
): Admission {
  return async ({ kind, name, operation, subresource = "" }, object, before) => {
    if (kind.group !== group || kind.plural !== "certificatesigningrequests") return;
    const verb = operation === "update" ? verbs[subresource] : undefined;
    if (verb === undefined || (verb === "sign" && !isSigned(object, before))) return;
    const signer = textOf(at(before, "spec", "signerName")) ?? "";
    for (const each of [signer, `${signer.split("/")[0]}/*`]) {
      const attributes = {
        kind: "resource",
        verb,
        group,
        resource: "signers",
        name: each,
      } as const;
      if ((await authorize(attributes)).allowed) return;
    }
    throw forbidden(
      `${resourceName(kind)} "${name}" is forbidden: user not permitted to ${verb} requests with ` +
        `signerName ${JSON.stringify(signer)}`,
      { name, group, kind: kind.plural },
    );
  };
}

const verbs: Readonly<Record<string, "approve" | "sign">> = { approval: "approve", status: "sign" };

function isSigned(object: KubeObject | undefined, before: KubeObject | undefined): boolean {
  return ["certificate", "conditions"].some(
    (name) => !jsonEquals(at(object, "status", name), at(before, "status", name)),
  );
}
