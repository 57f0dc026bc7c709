/** What every kubectl creates without a manifest: bodies are protobuf from 1.32 on. */
import { execFile } from "node:child_process";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { deploymentOf } from "../kube/kube-fixture.ts";
import { type HubKubectl, onEachKubectl, someOfMatrix } from "./hub-kubectl.ts";

interface Row {
  /** Its words; "_" stands for a space in one. */
  readonly what: string;
  readonly object: string;
  readonly path: string;
  readonly value: string;
  /** The first kubectl that uses the version of the API that is served. */
  readonly since?: number;
}

const login = '{"auths":{"r.io":{"username":"u","password":"p","auth":"dTpw"}}}';

const rows: readonly Row[] = [
  {
    what: "configmap c --from-literal=a=1 --from-literal=b=",
    object: "cm/c",
    path: "{.data}",
    value: '{"a":"1","b":""}',
  },
  {
    what: "secret generic s --from-literal=a=1",
    object: "secret/s",
    path: "{.data.a} {.type}",
    value: "MQ== Opaque",
  },
  {
    what: "deployment web --image=nginx:1 --replicas=0 --port=80",
    object: "deploy/web",
    path: "{.spec.replicas} {..image} {..containerPort} {.spec.selector}",
    value: '0 nginx:1 80 {"matchLabels":{"app":"web"}}',
  },
  {
    what: "role reader --verb=get,list --resource=pods,deployments.apps",
    object: "role/reader",
    path: "{.rules[*].resources} {.rules[*].apiGroups} {.rules[0].verbs}",
    value: '["pods"] ["deployments"] [""] ["apps"] ["get","list"]',
  },
  {
    what: "service clusterip plain --tcp=80:8080",
    object: "svc/plain",
    path: "{.spec.type} {.spec.ports[0].port} {.spec.ports[0].targetPort}",
    value: "ClusterIP 80 8080",
  },
  {
    what: "secret docker-registry d --docker-server=r.io --docker-username=u --docker-password=p",
    object: "secret/d",
    path: "{.type} {.data}",
    value:
      "kubernetes.io/dockerconfigjson " +
      `{".dockerconfigjson":"${Buffer.from(login).toString("base64")}"}`,
  },
  {
    what: "serviceaccount robot",
    object: "sa/robot",
    path: "{.metadata.name}",
    value: "robot",
  },
  {
    what: "job once --image=busybox -- date -u",
    object: "job/once",
    path: "{..containers[0].command} {..restartPolicy}",
    value: '["date","-u"] Never',
  },
  {
    what: "cronjob often --image=busybox --schedule=*/5_*_*_*_*",
    object: "cj/often",
    path: "{.spec.schedule} {..image}",
    value: "*/5 * * * * busybox",
    since: 21,
  },
  {
    what: "service loadbalancer front --tcp=443:https",
    object: "svc/front",
    path: "{.spec.type} {.spec.ports[0].port} {.spec.selector}",
    value: 'LoadBalancer 443 {"app":"front"}',
  },
  {
    what: "service externalname away --external-name=example.com",
    object: "svc/away",
    path: "{.spec.type} {.spec.externalName}",
    value: "ExternalName example.com",
  },
  {
    what: "ingress in --rule=example.com/*=web:80 --class=nginx",
    object: "ing/in",
    path: "{.spec.ingressClassName} {..host} {..backend.service.port.number}",
    value: "nginx example.com 80",
  },
  {
    what: "rolebinding readers --role=reader --user=ann --group=team",
    object: "rolebinding/readers",
    path: "{.roleRef.name} {.subjects[*].kind} {.subjects[*].name}",
    value: "reader User Group ann team",
  },
  {
    what: "quota small --hard=pods=3,requests.cpu=2",
    object: "quota/small",
    path: "{.spec.hard}",
    value: '{"pods":"3","requests.cpu":"2"}',
  },
  {
    what: "poddisruptionbudget calm --min-available=1 --selector=app=web",
    object: "pdb/calm",
    path: "{.spec.minAvailable} {.spec.selector}",
    value: '1 {"matchLabels":{"app":"web"}}',
    since: 21,
  },
];

onEachKubectl(
  (kubectl) => {
    const { ok, fails, run, namespace } = kubectl;
    const path = async (object: string, jsonPath: string) =>
      await ok("get", object, "-o", `jsonpath=${jsonPath}`);
    /** "a_b" stands for a word with a space. */
    const wordsOf = (text: string) => text.split(" ").map((word) => word.replaceAll("_", " "));

    test.each(kubectl.isThorough ? rows : rows.slice(0, 5))("creates $what", async (row) => {
      const { what, object, path: jsonPath, value, since = 0 } = row;
      if (kubectl.minor < since) {
        const refused = await fails("create", ...wordsOf(what));
        expect(refused).toMatch(/could not find the requested resource|no matches for/);
        return;
      }
      expect(await ok("create", ...wordsOf(what))).toMatch(/ created\n$/);
      expect(await path(object, jsonPath)).toBe(value);
      expect(await fails("create", ...wordsOf(what))).toMatch(/already ?exists/i);
    });

    test("creates what belongs to no namespace", async () => {
      const own = (name: string) => `${name}-${kubectl.minor}`;
      await ok("create", "namespace", own("n"));
      expect(await path(`ns/${own("n")}`, "{.status.phase}")).toBe("Active");
      await ok("create", "clusterrole", own("r"), "--verb=*", "--resource=crp");
      expect(await path(`clusterrole/${own("r")}`, "{.rules[*].resources} {.rules[0].verbs}")).toBe(
        '["clusterresourceplacements"] ["*"]',
      );
      const binding = ["create", "clusterrolebinding", own("b"), `--clusterrole=${own("r")}`];
      await ok(...binding, `--serviceaccount=${namespace}:robot`);
      expect(await path(`clusterrolebinding/${own("b")}`, "{.subjects[0]}")).toMatch(
        new RegExp(`"name":"robot".*"namespace":"${namespace}"`),
      );
      await ok("create", "priorityclass", own("p"), "--value=1000", "--description=high");
      expect(await path(`priorityclass/${own("p")}`, "{.value} {.description}")).toBe("1000 high");
      const all = ["ns", "clusterrole", "clusterrolebinding", "priorityclass"];
      const names = ["n", "r", "b", "p"].map((name, index) => `${all[index]}/${own(name)}`);
      await ok("delete", "--wait=false", ...names);
    });

    test("creates nothing in a dry run", async () => {
      const client = await ok("create", "cm", "dry", "--from-literal=a=1", "--dry-run=client");
      expect(client).toBe("configmap/dry created (dry run)\n");
      const server = await ok("create", "cm", "dry", "--from-literal=a=1", "--dry-run=server");
      expect(server).toBe("configmap/dry created (server dry run)\n");
      expect(await fails("get", "cm/dry")).toMatch(/NotFound/);
      const yaml = await ok(
        "create",
        "deployment",
        "d",
        "--image=x",
        "--dry-run=client",
        "-o=yaml",
      );
      expect(yaml).toMatch(/^apiVersion: apps\/v1\nkind: Deployment\n/);
    });

    test("is refused tokens of service accounts, which nobody issues", async () => {
      if (!kubectl.has("create token")) return await kubectl.lacks("create", "token", "robot");
      expect(await fails("create", "token", "robot")).toMatch(
        /no tokens are issued for ServiceAccounts here: .* Microsoft Entra ID/,
      );
    });

    if (kubectl.isThorough) thorough(kubectl, run);
  },
  { entries: someOfMatrix },
);

function thorough({ ok, fails, file }: HubKubectl, run: HubKubectl["run"]): void {
  test("creates a secret of a certificate", async () => {
    const key = await file("tls.key", "");
    const cert = `${dirname(key)}/tls.crt`;
    await promisify(execFile)("openssl", [
      ...["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x"],
      ...["-keyout", key, "-out", cert],
    ]);
    await ok("create", "secret", "tls", "t", `--cert=${cert}`, `--key=${key}`);
    const seen = await ok("get", "secret/t", "-o", "jsonpath={.type} {.data.tls\\.crt}");
    expect(seen).toMatch(/^kubernetes.io\/tls LS0tLS1CRUdJTiBDRVJUSUZJ/);
    expect((await run("describe", "secret", "t")).out).toMatch(/tls.crt: +\d+ bytes/);
  });

  test("creates from a manifest whose name the hub makes", async () => {
    const generated = {
      ...{ apiVersion: "v1", kind: "ConfigMap", metadata: { generateName: "gen-" } },
    };
    const out = await ok("create", "-f", await file("generated.json", generated));
    expect(out).toMatch(/^configmap\/gen-[a-z0-9]{5} created\n$/);
  });

  test("runs no Pods: a Pod outside the reserved namespaces is refused, and so is a ReplicaSet", async () => {
    expect(await fails("run", "p", "--image=x")).toMatch(/Forbidden|forbidden|denied/);
    const { apiVersion, metadata, spec } = deploymentOf("rs", "x") as Record<string, object>;
    const { template, selector } = spec as Record<string, object>;
    const set = { apiVersion, kind: "ReplicaSet", metadata, spec: { template, selector } };
    expect(await fails("create", "-f", await file("rs.json", set))).toMatch(/orbidden|denied/);
  });
}
