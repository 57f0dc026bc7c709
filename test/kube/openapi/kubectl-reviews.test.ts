import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Kubectl, kubectlVersions, noKubectl, startKubectl } from "../kubectl.ts";

const programs = kubectlVersions();

describe.skipIf(programs.length === 0)(`kubectl (skipped when ${noKubectl})`, () => {
  describe.each(programs)("1.$minor", ({ program }) => {
    let kubectl: Kubectl;
    beforeAll(async () => {
      kubectl = await startKubectl(program, {
        authorizeFor: ({ name }) =>
          name === "bob" ? { allowed: true } : { allowed: false, reason: "" },
      });
    });
    afterAll(async () => await kubectl.close());

    async function ok(...args: readonly string[]): Promise<string> {
      const { code, out, err } = await kubectl.run(...args);
      expect({ args, code, err: code === 0 ? "" : err }).toEqual({ args, code: 0, err: "" });
      return out;
    }

    test("explains reviews", async () => {
      expect(await ok("explain", "selfsubjectreviews")).toMatch(/KIND: +SelfSubjectReview\n/);
      expect(await ok("explain", "tokenreviews.spec.token")).toMatch(/token +<string>/);
      const spec = await ok("explain", "subjectaccessreviews.spec");
      expect(spec).toMatch(/resourceAttributes\s+<\w+>/);
      const local = "localsubjectaccessreviews.spec.resourceAttributes.fieldSelector";
      expect(await ok("explain", local)).toMatch(/requirements\s+<\[\]\w+>/);
      const tree = await ok("explain", "selfsubjectrulesreviews", "--recursive");
      expect(tree).toMatch(/nonResourceURLs\s+<\[\]string>/);
    });

    test("asks what somebody else may do", async () => {
      const spec = { user: "bob", resourceAttributes: { verb: "list", resource: "pods" } };
      const apiVersion = "authorization.k8s.io/v1";
      const review = { apiVersion, kind: "SubjectAccessReview", spec };
      const file = await kubectl.file("review.json", review);
      const shown = await ok("create", "-f", file, "-o", "jsonpath={.status.allowed}");
      expect(shown).toBe("true");
    });
  });
});
