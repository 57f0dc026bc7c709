import { z } from "zod";
import { FleetError } from "../../lib/fleet-error.ts";
import { type Instant, parseInstant } from "../../lib/instant.ts";
import {
  type ExportSeen,
  exportsPerMemberMax,
  listingType,
  type MemberEvent,
  snapshotType,
} from "../../traffic/model.ts";

/** More ports of one Service, or addresses of it, are refused unread. */
const portsMax = 100;
const addressesMax = 16;

const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
const port = z.object({
  name: z.string().max(63).default(""),
  protocol: z.enum(["TCP", "UDP", "SCTP"]),
  port: z.int().min(1).max(65_535),
  appProtocol: z.string().max(253).optional(),
});
const service = z.object({
  uid: z.string().min(1).max(64),
  type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]),
  ports: z.array(port).max(portsMax),
  ingress: z.array(z.union([z.ipv4(), z.ipv6()])).max(addressesMax),
  internal: z.boolean(),
  sessionAffinity: z.enum(["None", "ClientIP"]),
});
const exported = z.object({
  uid: z.string().min(1).max(64),
  createdAt: z.iso.datetime({ offset: true }),
  validity: z.enum([
    "ServiceIsValid",
    "ServiceNotFound",
    "ServiceIneligible",
    "ServiceExportInvalidWeightAnnotation",
  ]),
  weight: z.int().min(0).max(1000),
  readyEndpoints: z.int().min(0).max(1_000_000),
  service: service.optional(),
});
const told = {
  cluster: z.string().min(1).max(512),
  /** Milliseconds of the Unix epoch, about: a later one is a later start of the relay. */
  epoch: z.int().min(1),
  observedAt: z.iso.datetime({ offset: true }),
  token: z.string().min(1).max(16_384),
};
const snapshot = z.object({ ...told, sequence: z.int().min(0), export: exported.nullable() });
const listing = z.object({
  ...told,
  exports: z.array(z.string().regex(/^[-a-z0-9]{1,63}\/[-a-z0-9]{1,63}$/)).max(exportsPerMemberMax),
});

/**
 * A CloudEvent of a relay, as Event Grid delivers it:
 *
 *     { "specversion": "1.0", "id": "…", "time": "…",
 *       "type": "Hubless.Member.ServiceExportChanged",
 *       "source": "/subscriptions/…/managedClusters/aks-1",
 *       "subject": "/namespaces/demo/serviceexports/web",
 *       "data": { "cluster": "/subscriptions/…/managedClusters/aks-1", "epoch": 1785000000000,
 *         "sequence": 3, "observedAt": "…", "token": "eyJ…", "export": { … } or null } }
 *
 * It carries the whole state of one export, never a difference.
 */
const cloudEvent = z.object({
  type: z.string().max(200),
  source: z.string().max(512),
  subject: z.string().max(300).optional(),
});

/**
 * What a relay tells; undefined for an event of another type. Throws `Invalid`, and names the
 * field, for one of the relay's types that is not as it must be: Event Grid then keeps it as a dead
 * letter.
 */
export function parseMemberEvent(event: unknown): MemberEvent | undefined {
  const { type, source, subject = "" } = parse(cloudEvent, event, "");
  if (type !== snapshotType && type !== listingType) return undefined;

  const content = (event as { readonly data?: unknown }).data;
  const parsed = type === listingType ? parseListing(content) : parseSnapshot(content, subject);
  if (parsed.cluster.toLowerCase() !== source.toLowerCase()) {
    throw invalid("source", `"${source}" must be the cluster that the event is about`);
  }
  return parsed;
}

function parseSnapshot(content: unknown, subject: string): MemberEvent {
  const { export: seen, ...rest } = parse(snapshot, content, "data.");
  const [, namespace, name] =
    /^\/namespaces\/([^/]+)\/serviceexports\/([^/]+)$/.exec(subject) ?? [];
  return {
    ...rest,
    kind: "snapshot",
    observedAt: parseInstant(rest.observedAt),
    namespace: parse(dnsLabel, namespace, "subject"),
    name: parse(dnsLabel, name, "subject"),
    export: seen === null ? null : exportOf(seen),
  };
}

function parseListing(content: unknown): MemberEvent {
  const parsed = parse(listing, content, "data.");
  return { ...parsed, kind: "listing", observedAt: parseInstant(parsed.observedAt) };
}

function exportOf(seen: z.infer<typeof exported>): ExportSeen {
  const { service: of, createdAt, ...rest } = seen;
  const at: Instant = parseInstant(createdAt);
  if (of === undefined) return { ...rest, createdAt: at };
  const ports = of.ports.map(({ appProtocol, ...each }) =>
    appProtocol === undefined ? each : { ...each, appProtocol },
  );
  return { ...rest, createdAt: at, service: { ...of, ports } };
}

function parse<Shape extends z.ZodType>(shape: Shape, value: unknown, at: string): z.infer<Shape> {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const path = `${at}${issue?.path.join(".") ?? ""}`.replace(/\.$/, "");
  throw invalid(path, issue?.message ?? "is not as it must be");
}

/** Names the field, never its value: a token must not reach a log. */
const invalid = (field: string, message: string): FleetError =>
  new FleetError("Invalid", `Cannot read event of a relay: "${field}": ${message}`, { field });
