import { expect, test } from "vitest";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { shownRow } from "./shown-row.ts";

const webhooks = "NAME WEBHOOKS AGE";
const bindings = "NAME ROLE AGE | USERS GROUPS SERVICEACCOUNTS";
const created = "NAME CREATED AT";
const wide = "CONTAINERS IMAGES SELECTOR";
const events = "LAST SEEN TYPE REASON OBJECT MESSAGE | SUBOBJECT SOURCE FIRST SEEN COUNT NAME";

/** As `kubectl get` writes them; behind "|" what `-o wide` adds. */
const headers: Readonly<Record<string, string>> = {
  "/configmaps": "NAME DATA AGE",
  "/endpoints": "NAME ENDPOINTS AGE",
  "/events": events,
  "/limitranges": created,
  "/namespaces": "NAME STATUS AGE",
  "/nodes":
    "NAME STATUS ROLES AGE VERSION | INTERNAL-IP EXTERNAL-IP OS-IMAGE KERNEL-VERSION " +
    "CONTAINER-RUNTIME",
  "/persistentvolumeclaims":
    "NAME STATUS VOLUME CAPACITY ACCESS MODES STORAGECLASS VOLUMEATTRIBUTESCLASS AGE | VOLUMEMODE",
  "/persistentvolumes":
    "NAME CAPACITY ACCESS MODES RECLAIM POLICY STATUS CLAIM STORAGECLASS VOLUMEATTRIBUTESCLASS " +
    "REASON AGE | VOLUMEMODE",
  "/pods": "NAME READY STATUS RESTARTS AGE | IP NODE NOMINATED NODE READINESS GATES",
  "/podtemplates": "NAME CONTAINERS IMAGES POD LABELS",
  "/replicationcontrollers": `NAME DESIRED CURRENT READY AGE | ${wide}`,
  "/resourcequotas": "NAME REQUEST LIMIT AGE",
  "/secrets": "NAME TYPE DATA AGE",
  "/serviceaccounts": "NAME SECRETS AGE",
  "/services": "NAME TYPE CLUSTER-IP EXTERNAL-IP PORT(S) AGE | SELECTOR",
  "admissionregistration.k8s.io/mutatingwebhookconfigurations": webhooks,
  "admissionregistration.k8s.io/validatingadmissionpolicies": "NAME VALIDATIONS PARAMKIND AGE",
  "admissionregistration.k8s.io/validatingadmissionpolicybindings": "NAME POLICYNAME PARAMREF AGE",
  "admissionregistration.k8s.io/validatingwebhookconfigurations": webhooks,
  "apiextensions.k8s.io/customresourcedefinitions": created,
  "apiregistration.k8s.io/apiservices": "NAME SERVICE AVAILABLE AGE",
  "apps/controllerrevisions": "NAME CONTROLLER REVISION AGE",
  "apps/daemonsets": `NAME DESIRED CURRENT READY UP-TO-DATE AVAILABLE NODE SELECTOR AGE | ${wide}`,
  "apps/deployments": `NAME READY UP-TO-DATE AVAILABLE AGE | ${wide}`,
  "apps/replicasets": `NAME DESIRED CURRENT READY AGE | ${wide}`,
  "apps/statefulsets": "NAME READY AGE | CONTAINERS IMAGES",
  "autoscaling/horizontalpodautoscalers": "NAME REFERENCE TARGETS MINPODS MAXPODS REPLICAS AGE",
  "batch/cronjobs": `NAME SCHEDULE TIMEZONE SUSPEND ACTIVE LAST SCHEDULE AGE | ${wide}`,
  "batch/jobs": `NAME STATUS COMPLETIONS DURATION AGE | ${wide}`,
  "certificates.k8s.io/certificatesigningrequests":
    "NAME AGE SIGNERNAME REQUESTOR REQUESTEDDURATION CONDITION",
  "coordination.k8s.io/leases": "NAME HOLDER AGE",
  "discovery.k8s.io/endpointslices": "NAME ADDRESSTYPE PORTS ENDPOINTS AGE",
  "events.k8s.io/events": events,
  "flowcontrol.apiserver.k8s.io/flowschemas":
    "NAME PRIORITYLEVEL MATCHINGPRECEDENCE DISTINGUISHERMETHOD AGE MISSINGPL",
  "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations":
    "NAME TYPE NOMINALCONCURRENCYSHARES QUEUES HANDSIZE QUEUELENGTHLIMIT AGE",
  "networking.k8s.io/ingressclasses": "NAME CONTROLLER PARAMETERS AGE",
  "networking.k8s.io/ingresses": "NAME CLASS HOSTS ADDRESS PORTS AGE",
  "networking.k8s.io/ipaddresses": "NAME PARENTREF",
  "networking.k8s.io/networkpolicies": "NAME POD-SELECTOR AGE",
  "networking.k8s.io/servicecidrs": "NAME CIDRS AGE",
  "node.k8s.io/runtimeclasses": "NAME HANDLER AGE",
  "policy/poddisruptionbudgets": "NAME MIN AVAILABLE MAX UNAVAILABLE ALLOWED DISRUPTIONS AGE",
  "rbac.authorization.k8s.io/clusterrolebindings": bindings,
  "rbac.authorization.k8s.io/clusterroles": created,
  "rbac.authorization.k8s.io/rolebindings": bindings,
  "rbac.authorization.k8s.io/roles": created,
  "resource.k8s.io/deviceclasses": "NAME AGE",
  "resource.k8s.io/resourceclaims": "NAME STATE AGE",
  "resource.k8s.io/resourceclaimtemplates": "NAME AGE",
  "resource.k8s.io/resourceslices": "NAME NODE DRIVER POOL AGE",
  "scheduling.k8s.io/priorityclasses": "NAME VALUE GLOBAL-DEFAULT AGE PREEMPTIONPOLICY",
  "storage.k8s.io/csidrivers":
    "NAME ATTACHREQUIRED PODINFOONMOUNT STORAGECAPACITY TOKENREQUESTS REQUIRESREPUBLISH MODES AGE",
  "storage.k8s.io/csinodes": "NAME DRIVERS AGE",
  "storage.k8s.io/csistoragecapacities": "NAME STORAGECLASSNAME CAPACITY",
  "storage.k8s.io/storageclasses":
    "NAME PROVISIONER RECLAIMPOLICY VOLUMEBINDINGMODE ALLOWVOLUMEEXPANSION AGE",
  "storage.k8s.io/volumeattachments": "NAME ATTACHER PV NODE ATTACHED AGE",
  "storage.k8s.io/volumeattributesclasses": "NAME DRIVERNAME AGE",
};

const resources = builtInKinds().map(({ group, plural }) => `${group}/${plural}`);

test.each(resources)("%s has the columns of a cluster", (resource) => {
  const { columns } = shownRow(resource, {});
  const named = (isWide: boolean): string =>
    columns
      .filter(({ priority }) => priority > 0 === isWide)
      .map(({ name }) => name.toUpperCase())
      .join(" ");
  const shown = [named(false), named(true)].filter((text) => text !== "").join(" | ");
  expect(shown).toBe(headers[resource]);
});

test("no object of any kind makes a row fail", () => {
  const names = ["spec", "status", "metadata", "subsets", "webhooks", "template", "endpoints"];
  const fields = ["conditions", "containers", "selector", "ports", "metrics", "rules", "limited"];
  const bodies = fc.dictionary(
    fc.constantFrom(...names),
    fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...fields), fc.jsonValue())),
  );
  fc.assert(
    fc.property(fc.constantFrom(...resources), bodies, (resource, body) => {
      const { metadata, ...rest } = body;
      const { cells } = shownRow(resource, {
        ...(rest as Record<string, Json>),
        metadata: { annotations: (metadata ?? null) as Json },
      });
      expect(Object.values(cells).every((cell) => typeof cell !== "object" || cell === null)).toBe(
        true,
      );
    }),
    { numRuns: 200 },
  );
});
