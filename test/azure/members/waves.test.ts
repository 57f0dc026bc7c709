import { expect, test } from "vitest";
import { inWaves } from "../../../shared/azure/members/waves.ts";

test("what others need is in an earlier wave, and unknown kinds in the last", () => {
  const kinds = [
    ["example.com", "Widget"],
    ["apps", "Deployment"],
    ["admissionregistration.k8s.io", "ValidatingWebhookConfiguration"],
    ["rbac.authorization.k8s.io", "RoleBinding"],
    ["", "Secret"],
    ["rbac.authorization.k8s.io", "Role"],
    ["", "Namespace"],
    ["apiextensions.k8s.io", "CustomResourceDefinition"],
  ].map(([group = "", kind = ""]) => ({ group, kind }));
  const waves = inWaves(kinds, (each) => each);
  expect(waves.map((wave) => wave.map(({ kind }) => kind))).toEqual([
    ["Namespace"],
    ["Secret", "CustomResourceDefinition"],
    ["Role"],
    ["RoleBinding"],
    ["Deployment"],
    ["ValidatingWebhookConfiguration"],
    ["Widget"],
  ]);
});
