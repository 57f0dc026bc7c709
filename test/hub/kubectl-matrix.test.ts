/** What every kubectl asks before it does anything: what there is, who one is, what one may do. */
import { expect, test } from "vitest";
import { matrix, onEachKubectl, promised } from "./hub-kubectl.ts";

test("the versions of kubectl that this machine has are put to the test", () => {
  const had = matrix.map(({ minor }) => minor);
  const lacked = promised.filter((minor) => !had.includes(minor)).map((minor) => `1.${minor}`);
  process.stdout.write(
    `kubectl: ran ${matrix.map(({ name }) => name).join(", ") || "none"}; ` +
      `lacked ${lacked.join(", ") || "none"}\n`,
  );
  expect(new Set(had).size).toBe(had.length);
});

onEachKubectl((kubectl) => {
  const { ok, fails, namespace } = kubectl;

  test("lists the resources with their short names, versions, scopes, kinds and verbs", async () => {
    const rows = (await ok("api-resources", "-o", "wide")).split("\n");
    const row = (pattern: RegExp) => expect(rows.some((each) => pattern.test(each))).toBe(true);
    const all = "create[, ]delete[, ]deletecollection[, ]get[, ]list[, ]patch[, ]update[, ]watch";
    row(new RegExp(`^configmaps +cm +v1 +true +ConfigMap +\\[?${all}`));
    row(new RegExp(`^deployments +deploy +apps/v1 +true +Deployment +\\[?${all}`));
    const crp = "clusterresourceplacements +crp +placement.kubernetes-fleet.io/v1 +false";
    // Kubernetes lists the verbs of resources that a definition brought in an order of their own.
    const custom =
      "delete[, ]deletecollection[, ]get[, ]list[, ]patch[, ]create[, ]update[, ]watch";
    row(new RegExp(`^${crp} +ClusterResourcePlacement +\\[?${custom}`));
    row(/^memberclusters +cluster +cluster\.kubernetes-fleet\.io\/v1 +false +MemberCluster/);
    row(/^multiclusterservices +mcs +networking\.fleet\.azure\.com\/v1alpha1 +true/);
    row(/^selfsubjectaccessreviews +authorization\.k8s\.io\/v1 +false .*\[?create/);
    const ofGroup = await ok("api-resources", "--api-group=apps", "--no-headers", "-o", "name");
    expect(ofGroup.trim().split("\n").toSorted()).toEqual(
      ["controllerrevisions", "daemonsets", "deployments", "replicasets", "statefulsets"].map(
        (plural) => `${plural}.apps`,
      ),
    );
    const global = await ok("api-resources", "--namespaced=false", "-o", "name");
    expect(global).toContain("memberclusters.cluster.kubernetes-fleet.io\n");
    expect(global).not.toContain("configmaps");
  });

  test("lists the group versions", async () => {
    const versions = (await ok("api-versions")).trim().split("\n");
    expect(versions).toEqual(versions.toSorted());
    for (const each of ["v1", "apps/v1", "autoscaling/v1", "autoscaling/v2", "events.k8s.io/v1"]) {
      expect(versions).toContain(each);
    }
    expect(versions).toContain("placement.kubernetes-fleet.io/v1beta1");
    expect(versions).toContain("networking.fleet.azure.com/v1beta1");
  });

  test("explains the fleet's kinds, field by field and as a tree", async () => {
    const kind = await ok("explain", "membercluster");
    expect(kind).toMatch(/KIND: +MemberCluster\n/);
    expect(kind).toMatch(/DESCRIPTION:\n +\w+/);
    expect(kind).toMatch(/ {2}spec\t<.*> -required-\n +\w+/);
    const field = await ok("explain", "crp.spec.policy.placementType");
    expect(field).toMatch(/KIND: +ClusterResourcePlacement\n/);
    expect(field).toMatch(/FIELD: +placementType <string>/);
    if (kubectl.has("explain of enums")) expect(field).toMatch(/ENUM:\n +PickAll\n +PickN\n/);
    const tree = await ok("explain", "mcs", "--recursive");
    expect(tree).toMatch(/spec\t<.*>( -required-)?\n +serviceImport\t<.*>( -required-)?\n +name\t/);
    const version = await ok("explain", "crp.spec", "--api-version=fleet.azure.com/v1alpha1");
    expect(version).toMatch(/v1alpha1/);
    expect(await fails("explain", "membercluster.spec.none")).toMatch(
      /field "none" does not exist/,
    );
  });

  test("lists the namespaces that each cluster has, and explains reviews", async () => {
    const names = (await ok("get", "ns", "-o", "name")).trim().split("\n");
    for (const name of ["default", "kube-node-lease", "kube-public", "kube-system"]) {
      expect(names).toContain(`namespace/${name}`);
    }
    const uid = await ok("get", "ns", "kube-system", "-o", "jsonpath={.metadata.uid}");
    expect(uid).toMatch(/^[0-9a-f-]{36}$/);
    const explained = await ok("explain", "subjectaccessreviews.spec");
    expect(explained).toMatch(/resourceAttributes\s+</);
  });

  test("says its version and the hub's, and where the hub is", async () => {
    // Those that are more than a version behind also warn of it.
    const { out } = await kubectl.run("version", "-o", "json");
    const { serverVersion } = JSON.parse(out) as {
      readonly serverVersion: Readonly<Record<string, string>>;
    };
    expect(serverVersion).toMatchObject({ major: "1", minor: "34" });
    expect(serverVersion["gitVersion"]).toMatch(/^v1\.34\.\d+$/);
    const told = await ok("cluster-info");
    expect(told).toMatch(
      /control plane.* is running at .*https:\/\/127\.0\.0\.1:\d+\/subscriptions/,
    );
  });

  test("asks who it is and what it may do", async () => {
    expect(await ok("auth", "can-i", "create", "deployments")).toBe("yes\n");
    expect(await ok("auth", "can-i", "get", "deploy", "--subresource=status")).toBe("yes\n");
    expect(await ok("auth", "can-i", "--list")).toMatch(/^\*\.\* .*\[\*\]\n/m);
    if (!kubectl.has("auth whoami")) return await kubectl.lacks("auth", "whoami");
    const whoami = ["auth", "whoami", "-o"];
    expect(await ok(...whoami, "jsonpath={.status.userInfo.username}")).toBe("you@laptop");
    expect(await ok("auth", "whoami")).toMatch(/Groups +\[.*system:authenticated.*\]/);
  });

  test("asks by path", async () => {
    const { pathname } = new URL(kubectl.laptop().endpoints.hub);
    // `--raw` replaces the path of the server's URL.
    const raw = async (path: string) => await ok("get", "--raw", `${pathname}${path}`);
    const namespaces = JSON.parse(await raw("/api/v1/namespaces?limit=500")) as {
      readonly items: readonly { readonly metadata: { readonly name: string } }[];
    };
    expect(namespaces.items.map(({ metadata }) => metadata.name)).toContain(namespace);
    expect(await raw("/readyz")).toBe("ok");
    expect(await fails("get", "--raw", `${pathname}/api/v1/nothings`)).toMatch(
      /NotFound|could not find/,
    );
  });
});
