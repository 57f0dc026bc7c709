import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { builtInAccess } from "../../../shared/hub/access/fleet-roles.ts";
import { ensureRoles } from "../../../shared/kube/rbac/ensure-roles.ts";
import { kubectlVersions, noKubectl } from "../../kube/kubectl.ts";
import { person } from "./hub-as.ts";
import { type KubectlAs, startKubectlAs } from "./kubectl-as.ts";

const callers = {
  root: person("root", "Hubless.Admin"),
  ann: person("ann", "Hubless.Reader"),
  eve: person("eve"),
};

const programs = kubectlVersions();

describe.skipIf(programs.length === 0)(`kubectl (skipped when ${noKubectl})`, () => {
  describe.each(programs)("1.$minor", ({ program, minor }) => {
    let kubectl: KubectlAs;
    beforeAll(async () => {
      kubectl = await startKubectlAs(program, callers);
      await ensureRoles(kubectl.hub.api, builtInAccess);
    });
    afterAll(async () => await kubectl.close());

    const ok = async (who: string, ...args: readonly string[]): Promise<string> => {
      const { code, out, err } = await kubectl.as(who, ...args);
      expect({ args, code, err: code === 0 ? "" : err }).toEqual({ args, code: 0, err: "" });
      return out;
    };
    const no = async (who: string, ...args: readonly string[]): Promise<string> => {
      const { code, out, err } = await kubectl.as(who, ...args);
      expect({ args, code }).toEqual({ args, code: 1 });
      return `${out}${err}`;
    };

    test("says who may do what", { timeout: 60_000 }, async () => {
      expect(await ok("root", "auth", "can-i", "delete", "secrets")).toBe("yes\n");
      expect(await ok("ann", "auth", "can-i", "list", "pods", "--subresource=log", "-q")).toBe("");
      expect(await ok("ann", "auth", "can-i", "get", "/version")).toBe("yes\n");
      expect(await no("ann", "auth", "can-i", "create", "deployments.apps")).toMatch(
        /^no - you need the app role "Hubless.Writer"/,
      );
      expect(await no("eve", "auth", "can-i", "get", "configmap/a")).toMatch(/^no - /);
      expect(await no("eve", "auth", "can-i", "get", "/metrics")).toMatch(/^no - /);
    });

    test("lists what somebody may do", { timeout: 60_000 }, async () => {
      const list = await ok("eve", "auth", "can-i", "--list", "--no-headers");
      expect(list).toMatch(/selfsubjectaccessreviews.authorization.k8s.io +\[\] +\[\] +\[create\]/);
      expect(list).toMatch(/ \[\/version\/?\] +\[\] +\[get\]/);
      expect(list).not.toMatch(/configmaps/);
      expect(await ok("root", "auth", "can-i", "--list")).toMatch(/\*\.\* +\[\] +\[\] +\[\*\]/);
      const readers = await ok("ann", "auth", "can-i", "--list");
      expect(readers).toMatch(/^configmaps +\[\] +\[\] +\[get list watch\]/m);
      expect(readers).not.toMatch(/^secrets /m);
    });

    test.skipIf(minor < 28)("says who somebody is", { timeout: 60_000 }, async () => {
      const me = await ok("ann", "auth", "whoami", "-o", "json");
      expect((JSON.parse(me) as { status: object }).status).toEqual({
        userInfo: {
          username: "ann@contoso.com",
          uid: callers.ann.objectId,
          groups: ["anns", "approle:Hubless.Reader", "system:authenticated"],
        },
      });
      const other = await ok("root", "auth", "whoami", "--as=bob", "--as-group=devs", "-o", "json");
      expect((JSON.parse(other) as { status: object }).status).toEqual({
        userInfo: { username: "bob", groups: ["devs", "system:authenticated"] },
      });
    });

    test("lets in who is bound, and acts as somebody else", { timeout: 60_000 }, async () => {
      const refused = await no("eve", "get", "configmaps");
      expect(refused).toContain(
        'Error from server (Forbidden): configmaps is forbidden: User "eve@contoso.com" cannot ' +
          'list resource "configmaps" in API group "" in the namespace "shop"',
      );
      const bind = ["create", "rolebinding", "eve", "--clusterrole=view"];
      expect(await ok("root", ...bind, "--user=eve@contoso.com")).toBe(
        "rolebinding.rbac.authorization.k8s.io/eve created\n",
      );
      await ok("eve", "get", "configmaps");
      expect(await no("eve", "get", "configmaps", "-A")).toContain("at the cluster scope");
      const bob = ["--as=bob", "get", "configmaps"];
      expect(await no("root", ...bob)).toContain('User "bob" cannot list resource "configmaps"');
      await ok("root", ...bind.with(2, "bob"), "--user=bob");
      await ok("root", ...bob);
      expect(await no("eve", ...bob)).toContain(
        'users "bob" is forbidden: User "eve@contoso.com" cannot impersonate resource "users" in ' +
          'API group "" at the cluster scope',
      );
      const robot = "--as=system:serviceaccount:shop:robot";
      expect(await no("root", robot, "auth", "can-i", "get", "pods")).toMatch(/^no/);
    });

    test("never shows Secrets to who may not see them", { timeout: 60_000 }, async () => {
      await ok("root", "create", "secret", "generic", "s", "--from-literal=password=hunter2");
      for (const args of [
        ["get", "secret", "s", "-o", "yaml"],
        ["get", "secrets", "-A"],
        ["get", "secrets", "-w"],
        ["get", "secrets", "--field-selector=metadata.name=s"],
        ["get", "--raw", "/api/v1/namespaces/shop/secrets/s"],
        ["describe", "secret", "s"],
        ["get", "all,secrets"],
      ]) {
        const said = await no("ann", ...args);
        expect(said).toContain("forbidden");
        expect(said).not.toMatch(/hunter2|aHVudGVyMg/);
      }
      expect(await ok("root", "get", "secret", "s", "-o", "jsonpath={.data.password}")).toBe(
        "aHVudGVyMg==",
      );
    });

    test("makes and mends roles, and refuses what somebody lacks", {
      timeout: 60_000,
    }, async () => {
      await ok("root", "create", "role", "maps", "--verb=get", "--resource=configmaps");
      const role = {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { name: "maps", namespace: "shop" },
        rules: [{ verbs: ["get", "list"], apiGroups: [""], resources: ["configmaps"] }],
      };
      const file = await kubectl.file("role.json", role);
      expect(await ok("root", "auth", "reconcile", "-f", file)).toContain(
        "role.rbac.authorization.k8s.io/maps reconciled",
      );
      const verbs = ["get", "role", "maps", "-o", "jsonpath={.rules[*].verbs}"];
      expect(await ok("root", ...verbs)).toContain("list");
      const binding = {
        ...role,
        kind: "RoleBinding",
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "maps" },
        subjects: [],
      };
      const other = await kubectl.file("binding.json", { ...binding, rules: undefined });
      expect(await ok("root", "auth", "reconcile", "-f", other)).toContain("reconciled");
      const admin = ["--clusterrole=hubless:admin", "--user=dan"];
      await ok("root", "create", "rolebinding", "dan", ...admin);
      const wide = ["create", "role", "wide", "--verb=*", "--resource=secrets"];
      expect(await no("root", "--as=dan", ...wide)).toContain(
        'user "dan" (groups=["system:authenticated"]) is attempting to grant RBAC permissions ' +
          'not currently held:\n{APIGroups:[""], Resources:["secrets"], Verbs:["*"]}',
      );
    });
  });
});
