/** What every kubectl shows: tables, other forms, selections, details, events, changes. */
import { expect, test } from "vitest";
import { sampleFleet } from "../journeys/members.ts";
import { apply, configMap, namespace as namespaceOf } from "../journeys/objects.ts";
import { available, placement } from "../journeys/placements.ts";
import { deploymentOf } from "../kube/kube-fixture.ts";
import { type HubKubectl, onEachKubectl } from "./hub-kubectl.ts";

const rowsOf = (out: string): readonly string[] =>
  out.split("\n").filter((line) => line.trim() !== "");

/** The words of a line: "NAME AGE". */
const words = (line = ""): string => line.trim().split(/\s+/).join(" ");

const traffic = (kind: string, name: string, spec?: object) => ({
  apiVersion: `networking.fleet.azure.com/${kind === "ServiceExport" ? "v1beta1" : "v1alpha1"}`,
  kind,
  metadata: { name },
  ...(spec !== undefined && { spec }),
});

onEachKubectl(
  (kubectl) => {
    const { ok, fails, file, namespace } = kubectl;
    tablesOfTheFleet(kubectl);
    eventsOf(kubectl);

    test("gets objects in every form, by label, by field, in order and in pages", async () => {
      for (const [name, tier] of Object.entries({ b: "front", a: "back", c: "front" })) {
        const deployment = deploymentOf(name, `nginx:${name}`);
        const metadata = { name, labels: { tier } };
        await ok("apply", "-f", await file(`${name}.json`, { ...deployment, metadata }));
      }
      const [head, ...rows] = rowsOf(await ok("get", "deploy"));
      expect(words(head)).toBe("NAME READY UP-TO-DATE AVAILABLE AGE");
      expect(rows.map((row) => words(row).replace(/\d+s$/, "0s"))).toEqual(
        ["a", "b", "c"].map((name) => `${name} 0/2 0 0 0s`),
      );
      const [wide, first] = rowsOf(await ok("get", "deploy", "-o", "wide"));
      expect(words(wide)).toMatch(/AGE CONTAINERS IMAGES SELECTOR$/);
      expect(words(first)).toMatch(/main nginx:a app=a$/);
      const names = async (...args: readonly string[]) =>
        rowsOf(await ok("get", "deploy", "-o", "name", ...args));
      expect(await names()).toEqual(["a", "b", "c"].map((name) => `deployment.apps/${name}`));
      expect(await names("-l", "tier=front")).toHaveLength(2);
      expect(await names("-l", "tier notin (front),tier")).toEqual(["deployment.apps/a"]);
      expect(await names("--field-selector", "metadata.name=b")).toEqual(["deployment.apps/b"]);
      expect(await names("--field-selector", "metadata.name!=b")).toHaveLength(2);
      expect(await names("--chunk-size=1")).toHaveLength(3);
      expect(await names("--sort-by=.metadata.labels.tier")).toEqual(
        ["a", "b", "c"].map((name) => `deployment.apps/${name}`),
      );
      expect(await fails("get", "deploy", "--field-selector", "spec.replicas=2")).toMatch(
        /"spec.replicas" is not a known field selector: only "metadata.name", "metadata.namespace"/,
      );
      expect(await fails("get", "deploy", "-l", "tier in front")).toMatch(
        /unable to parse|expected/,
      );
    });

    test("gets one object as YAML, JSON, a path's value and columns of its own", async () => {
      await ok("apply", "-f", await file("one.json", configMap(namespace, "one", "hello")));
      const yaml = await ok("get", "cm/one", "-o", "yaml");
      expect(yaml).toMatch(/^apiVersion: v1\ndata:\n {2}text: hello\nkind: ConfigMap\nmetadata:\n/);
      expect(yaml).toMatch(/\n {2}resourceVersion: "\d+"\n {2}uid: [-0-9a-f]{36}\n$/);
      const json = JSON.parse(await ok("get", "cm/one", "-o", "json")) as object;
      expect(json).toMatchObject({ kind: "ConfigMap", metadata: { name: "one", namespace } });
      expect(await ok("get", "cm/one", "-o", "jsonpath={.data.text}")).toBe("hello");
      const columns = "custom-columns=NAME:.metadata.name,TEXT:.data.text,NO:.data.none";
      const table = rowsOf(await ok("get", "cm", "-o", columns)).map((row) => words(row));
      expect(table).toEqual(expect.arrayContaining(["NAME TEXT NO", "one hello <none>"]));
      expect(await ok("get", "cm/one", "-o", "go-template={{.data.text}}")).toBe("hello");
      expect(await fails("get", "cm/two")).toBe(
        'Error from server (NotFound): configmaps "two" not found\n',
      );
      expect(await ok("get", "cm/two", "--ignore-not-found")).toBe("");
      const { out, err, code } = await kubectl.run("get", "jobs");
      expect({ out, err, code }).toEqual({
        out: "",
        err: `No resources found in ${namespace} namespace.\n`,
        code: 0,
      });
      expect(await fails("get", "nothings")).toMatch(/doesn't have a resource type "nothings"/);
    });

    test("gets what is in all namespaces, and all that is in one", async () => {
      const [head, ...rows] = rowsOf(await ok("get", "cm", "-A"));
      expect(words(head)).toBe("NAMESPACE NAME DATA AGE");
      expect(rows.some((row) => words(row).startsWith(`${namespace} one 1 `))).toBe(true);
      await ok("create", "service", "clusterip", "web", "--tcp=80:8080");
      const all = await ok("get", "all");
      expect(all).toMatch(/^service\/web +ClusterIP +.*80\/TCP +/m);
      expect(all).toMatch(/^deployment.apps\/a +0\/2 +/m);
      const several = await ok("get", "cm/one", "svc/web", "-o", "name");
      expect(several).toBe("configmap/one\nservice/web\n");
    });

    test("describes objects, their metadata and what is in them", async () => {
      const map = await ok("describe", "cm", "one");
      expect(map).toMatch(/^Name: +one\nNamespace: +k-1-\d+\nLabels: +<none>\n/);
      expect(map).toMatch(/Data\n====\ntext:\n----\nhello\n/);
      const deployment = await ok("describe", "deploy/a");
      expect(deployment).toMatch(/Replicas: +2 desired \| 0 updated/);
      expect(deployment).toMatch(/Image: +nginx:a/);
      const own = await ok("describe", "crp", "placed");
      expect(own).toMatch(/API Version: +placement.kubernetes-fleet.io\/v1\nKind: +ClusterResour/);
      expect(own).toMatch(/Placement Type: +PickAll/);
      expect(own).toMatch(/Type: +ClusterResourcePlacementAvailable/);
      expect(await fails("describe", "cm", "none")).toMatch(/configmaps "none" not found/);
    });

    test("watches what is there and what changes", async () => {
      const seen = kubectl.until(
        (out) => /^DELETED .*\n/m.test(out),
        ...["get", "cm", "-w", "-l", "watched=yes", "--output-watch-events"],
      );
      const watched = configMap(namespace, "w", "x");
      const metadata = { ...watched.metadata, labels: { watched: "yes" } };
      await ok("create", "-f", await file("w.json", { ...watched, metadata }));
      await ok("patch", "cm/w", "--type=merge", "-p", '{"data":{"b":"2"}}');
      await ok("annotate", "cm/w", "note=x");
      await ok("delete", "cm/w");
      const [head, ...rows] = rowsOf(await seen);
      expect(words(head)).toBe("EVENT NAME DATA AGE");
      const told = rows.map((row) => words(row).split(" ").slice(0, 3).join(" "));
      // Changes that follow each other at once may be told as one.
      expect([...new Set(told)]).toEqual(["ADDED w 1", "MODIFIED w 2", "DELETED w 2"]);
    });
  },
  {
    prepare: async (laptop) => {
      const members = await sampleFleet(laptop, 1);
      const text = configMap("placed", "greeting", "hello");
      await apply(laptop.hub, [namespaceOf("placed"), text, placement("placed")]);
      await available(laptop, "placed", members);
    },
  },
);

function tablesOfTheFleet({ ok, file }: HubKubectl): void {
  test.each<[plural: string, columns: string, row: RegExp]>([
    [
      "memberclusters",
      "NAME JOINED AGE MEMBER-AGENT-LAST-SEEN NODE-COUNT AVAILABLE-CPU AVAILABLE-MEMORY",
      /^\S+ True \S+ \d+\w+ 3 9990m 34703716Ki$/,
    ],
    ["crp", "NAME GEN SCHEDULED SCHEDULED-GEN AVAILABLE AVAILABLE-GEN AGE", /^placed 1 True 1 T/],
    [
      "clusterresourceplacements.v1alpha1.fleet.azure.com",
      "NAME GEN SCHEDULED SCHEDULED-GEN AVAILABLE AVAILABLE-GEN AGE",
      /^placed 1 True 1 True 1 /,
    ],
    ["clusterresourcebindings", "NAME WORKSYNCHRONIZED RESOURCESAPPLIED AGE", / True True \d+/],
    ["clusterresourcesnapshots", "NAME GEN AGE", /^placed-\S+ 1 \d+/],
  ])("shows %s with the columns of upstream", async (plural, columns, row) => {
    const [head, first] = rowsOf(await ok("get", plural));
    expect(words(head)).toBe(columns);
    expect(words(first)).toMatch(row);
  });

  test("shows what traffic is made of with the columns of upstream", async () => {
    const list = {
      apiVersion: "v1",
      kind: "List",
      items: [
        traffic("MultiClusterService", "web", { serviceImport: { name: "web" } }),
        traffic("ServiceExport", "web"),
      ],
    };
    await ok("apply", "-f", await file("traffic.json", list));
    const [services, service] = rowsOf(await ok("get", "mcs"));
    expect(words(services)).toBe("NAME SERVICE-IMPORT EXTERNAL-IP IS-VALID AGE");
    expect(words(service)).toMatch(/^web web /);
    const [exports, shown] = rowsOf(await ok("get", "svcexport"));
    expect(words(exports)).toBe("NAME IS-VALID IS-CONFLICTED AGE");
    expect(words(shown)).toMatch(/^web /);
    await ok("delete", "mcs,svcexport", "web");
  });

  test("shows what else is known of a member when asked for", async () => {
    const [head, row] = rowsOf(await ok("get", "memberclusters", "-o", "wide"));
    expect(words(head)).toBe(
      "NAME JOINED AGE MEMBER-AGENT-LAST-SEEN NODE-COUNT AVAILABLE-CPU AVAILABLE-MEMORY HEALTHY " +
        "VERSION LOCATION",
    );
    expect(words(row)).toMatch(/ 34703716Ki True 1\.\d+\.\d+ \w+$/);
  });

  test("explains what a member's agent is when there is none", async () => {
    const text = words(await ok("explain", "memberclusters.status.agentStatus"));
    expect(text).toContain("No agent runs in a member");
  });

  test("shows a placement's further columns when asked for", async () => {
    const [head, row] = rowsOf(await ok("get", "crp", "placed", "-o", "wide"));
    expect(words(head)).toBe(
      "NAME GEN SCHEDULED SCHEDULED-GEN WORK-SYNCHRONIZED WORK-SYNCHRONIZED-GEN AVAILABLE " +
        "AVAILABLE-GEN AGE",
    );
    expect(words(row)).toMatch(/^placed 1 True 1 True 1 True 1 /);
  });
}

function eventsOf(kubectl: HubKubectl): void {
  const { ok, file, namespace } = kubectl;

  test("shows events of both groups with what they are about", async () => {
    await ok("apply", "-f", await file("about.json", configMap(namespace, "about", "x")));
    const uid = await ok("get", "cm/about", "-o", "jsonpath={.metadata.uid}");
    const about = { apiVersion: "v1", kind: "ConfigMap", name: "about", namespace, uid };
    const at = new Date().toISOString().replace(/\.\d+Z$/, "Z");
    const common = { reportingInstance: "i", type: "Normal", action: "Look" };
    await ok(
      ...["create", "-f"],
      await file("core-event.json", {
        ...{ apiVersion: "v1", kind: "Event", metadata: { name: "about.1", namespace } },
        ...{ ...common, involvedObject: about, reason: "Seen", message: "It is there" },
        ...{ source: { component: "tester" }, firstTimestamp: at, lastTimestamp: at, count: 2 },
      }),
      ...["-f"],
      await file("new-event.json", {
        apiVersion: "events.k8s.io/v1",
        ...{ kind: "Event", metadata: { name: "about.2", namespace } },
        ...{ ...common, regarding: about, reason: "Odd", note: "What is this?", type: "Warning" },
        ...{ reportingController: "example.com/tester", eventTime: at.replace("Z", ".000000Z") },
      }),
    );
    const [head, ...rows] = rowsOf(await ok("get", "events"));
    expect(words(head)).toBe("LAST SEEN TYPE REASON OBJECT MESSAGE");
    expect(rows.map((row) => words(row).replace(/^\d+s /, ""))).toEqual([
      "Normal Seen configmap/about It is there",
      "Warning Odd configmap/about What is this?",
    ]);
    const path = "jsonpath={.items[*].message}{.items[*].note}";
    expect(await ok("get", "events", "-o", path)).toBe("It is there What is this?");
    expect(await ok("get", "events.v1.events.k8s.io", "-o", path)).toBe(
      "It is there What is this?",
    );
    const field = (name: string) => ["--field-selector", `${name}=about`, "-o", "name"];
    expect(rowsOf(await ok("get", "events", ...field("involvedObject.name")))).toHaveLength(2);
    expect(
      rowsOf(await ok("get", "events.v1.events.k8s.io", ...field("regarding.name"))),
    ).toHaveLength(2);
    const told = await ok("describe", "cm/about");
    expect(told).toMatch(/Events:\n +Type +Reason +Age +From +Message\n/);
    expect(told).toMatch(/Normal +Seen .* tester +It is there\n/);
    expect(told).toMatch(/Warning +Odd .* What is this\?\n/);
    if (!kubectl.has("events")) return await kubectl.lacks("events");
    const listed = rowsOf(await ok("events", "--for", "configmap/about"));
    expect(words(listed[0])).toBe("LAST SEEN TYPE REASON OBJECT MESSAGE");
    expect(
      listed
        .slice(1)
        .map((row) => words(row))
        .join(),
    ).toMatch(/Seen ConfigMap\/about It is/);
  });
}
