/**
 * The member clusters of the laptop and what runs in them: a Kubernetes API for each AKS cluster in
 * ARM, what it held before a restart, and its relay.
 */
import { join } from "node:path";
import { AzureKeyCredential } from "@azure/eventgrid";
import { ClientSecretCredential } from "@azure/identity";
import { KubeConfig } from "@kubernetes/client-node";
import { memberNames } from "../../../shared/fleet/member-name.ts";
import { clusterIdOf } from "../../../shared/fleet/model.ts";
import { serviceExport } from "../../../shared/hub/kinds/service-export.ts";
import { serviceImport } from "../../../shared/hub/kinds/service-import.ts";
import { parseArmId } from "../../../shared/lib/arm-id.ts";
import { startRelay } from "../../member/relay/start-relay.ts";
import { kubeletIdentity } from "../arm/resources/kubelet-identity.ts";
import type { Arm } from "../arm/start-arm.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Issuer } from "../issuer/start-issuer.ts";
import {
  type MemberClusters,
  startMemberClusters,
} from "../member-cluster/start-member-clusters.ts";
import type { LocalAuthority } from "../tls/local-authority.ts";
import type { TokenChecks } from "./check-token.ts";
import { openClusterFile } from "./cluster-file.ts";
import { type Identities, nodeIdentity } from "./identities.ts";
import { type KubeconfigContext, kubeconfigText, writeKubeconfig } from "./kubeconfig-file.ts";

export interface MembersOptions {
  readonly stateFolder: string;
  readonly tls: LocalAuthority;
  readonly issuer: Issuer;
  readonly checks: TokenChecks;
  readonly speed: number;
}

export interface Members {
  readonly clusters: MemberClusters;
  /** What ARM gives as a cluster's credentials: a login with Entra, as AKS has it. */
  readonly kubeconfig: (request: { readonly clusterId: string }) => Promise<string>;
  readonly connect: (to: Connection) => Promise<void>;
  readonly close: () => Promise<void>;
}

interface Connection {
  readonly arm: Arm;
  readonly endpoints: Endpoints;
  readonly identities: Identities;
  readonly relays: boolean;
}

/** The application of AKS's own API servers, which tokens for members are for. */
const aksServerId = "6dae42f8-4368-4678-94ff-3960e28e3630";

/** So long a token in the kubeconfig of the laptop is good. */
const tokenSeconds = 30 * 24 * 3600;

export async function startMembers(options: MembersOptions): Promise<Members> {
  const file = openClusterFile(join(options.stateFolder, "clusters.sqlite"));
  const relays = new Map<string, Promise<{ stop(): Promise<void> }>>();
  let connection: Connection | undefined;
  const connected = (): Connection => {
    if (connection === undefined) throw new Error("Cannot serve members: ARM is not there yet");
    return connection;
  };
  const clusters = await startMemberClusters({
    tls: options.tls,
    verify: async (token) => {
      const claims = await options.checks.claims(token);
      return claims === undefined ? undefined : String(claims["oid"]);
    },
    customKinds: [serviceExport, serviceImport],
    balancer: {
      ensureFrontend: ({ ports, ...service }) =>
        connected().arm.ensureRegionalFrontend({ ...service, ports: ports as never }).publicIp,
      removeFrontend: (service) => {
        const removal = connected().arm.removeRegionalFrontend(service);
        return removal.kind === "in-use" ? "in-use" : undefined;
      },
    },
    speed: () => options.speed,
    version: (clusterId) => versionOf(connected().arm, clusterId),
    nodes: (clusterId) =>
      connected()
        .arm.nodes(clusterId)
        .map(({ name, kubernetesVersion }) => ({ name, version: kubernetesVersion })),
    restore: file.restore,
  });
  const access = {
    caFile: options.tls.caFile,
    server: (clusterId: string) => clusters.urlOf(clusterId),
  };

  /** Clusters that were begun: a cluster in ARM changes often in its life. */
  const known = new Set<string>();
  const kubeconfig = coalescedWrites(async () => {
    const text = await contexts(connected(), options.issuer, clusters);
    await writeKubeconfig(connected().endpoints, text);
  });

  async function begin(clusterId: string): Promise<void> {
    if (known.has(clusterId)) return;
    known.add(clusterId);
    const { endpoints, identities } = connected();
    await clusters.ensure(clusterId);
    await kubeconfig.write();
    if (!connected().relays || relays.has(clusterId)) return;
    const relay = relayOf(clusterId, identities, endpoints, options.issuer);
    relays.set(clusterId, relay);
    await relay;
  }
  async function relayOf(
    clusterId: string,
    { tenantId }: Identities,
    endpoints: Endpoints,
    issuer: Issuer,
  ) {
    const identity = nodeIdentity(clusterId, objectIdOf(connected().arm, clusterId));
    issuer.addClient(identity);
    const kubeConfig = new KubeConfig();
    const token = await tokenOf(issuer, identity.objectId, clusterId);
    kubeConfig.loadFromString(
      await kubeconfigText(access.caFile, [
        { name: "member", server: access.server(clusterId), login: { kind: "token", token } },
      ]),
    );
    return await startRelay({
      kubeConfig,
      clusterId,
      topic: {
        endpoint: endpoints.eventGrid,
        credential: new AzureKeyCredential(endpoints.eventGridKey),
      },
      identity: {
        credential: new ClientSecretCredential(tenantId, identity.clientId, identity.clientSecret, {
          authorityHost: endpoints.issuer,
          disableInstanceDiscovery: true,
        }),
        scope: endpoints.scope,
      },
      log: { info: () => {}, warn: () => {} },
    });
  }
  async function end(clusterId: string): Promise<void> {
    const relay = relays.get(clusterId);
    relays.delete(clusterId);
    await (await relay)?.stop();
    clusters.remove(clusterId);
    known.delete(clusterId);
    file.forget(clusterId);
    await kubeconfig.write();
  }

  return {
    clusters,
    kubeconfig: async ({ clusterId }) => {
      const server = access.server(clusterId);
      const login = { kind: "kubelogin", serverId: aksServerId } as const;
      return await kubeconfigText(access.caFile, [{ name: "member", server, login }]);
    },
    connect: async (to) => {
      connection = to;
      to.arm.watch((told) => {
        const id = told.kind === "saved" ? told.resource.id : told.id;
        if (!isCluster(id)) return;
        const change = told.kind === "removed" ? end(id) : begin(id);
        change.catch((error: unknown) => {
          process.stderr.write(`Member cluster ${id}: ${String(error)}\n`);
        });
      });
      await kubeconfig.write();
      await Promise.all(to.arm.clusterIds().map(begin));
    },
    close: async () => {
      await Promise.allSettled(
        [...relays.values()].map(async (relay) => await (await relay).stop()),
      );
      await clusters.close();
      file.close();
    },
  };
}

/** Many calls at once are one write after the one that is under way. */
function coalescedWrites(write: () => Promise<void>): { readonly write: () => Promise<void> } {
  let running: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return {
    write: async () => {
      next ??= running.then(async () => {
        next = undefined;
        const writing = write();
        // One that failed is told to who asked for it; the ones after it begin all the same.
        running = writing.catch(() => {});
        await writing;
      });
      await next;
    },
  };
}

const isCluster = (id: string): boolean => {
  const parsed = parseArmId(id);
  return parsed?.type === "microsoft.containerservice/managedclusters" && parsed.child === "";
};

async function contexts(
  { arm, endpoints, identities }: Connection,
  issuer: Issuer,
  clusters: MemberClusters,
): Promise<readonly KubeconfigContext[]> {
  const { objectId, name, roles } = identities.person;
  const claims = { oid: objectId, preferred_username: name, roles: [...(roles ?? [])] };
  const exp = Math.floor(Date.now() / 1000) + tokenSeconds;
  const token = await issuer.mint({ ...claims, aud: identities.apiClientId, exp });
  const login = { kind: "token", token } as const;
  const names = contextNames(arm.clusterIds());
  const members = [...names].map(([name, id]) => ({ name, server: clusters.urlOf(id), login }));
  return [{ name: "hub", server: endpoints.hub, login }, ...members];
}

/** A cluster's own name; for a second cluster of one name, the one that it gets as a member. */
function contextNames(ids: readonly string[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const id of ids) {
    const plain = parseArmId(id)?.name ?? id;
    const [, second = plain] = memberNames(plain, clusterIdOf(id));
    names.set(names.has(plain) ? second : plain, id);
  }
  return names;
}

async function tokenOf(issuer: Issuer, objectId: string, name: string): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + tokenSeconds;
  return await issuer.mint({ aud: aksServerId, oid: objectId, preferred_username: name, exp });
}

interface ClusterProperties {
  readonly currentKubernetesVersion: string;
  readonly nodeResourceGroup: string;
}

const propertiesOf = (arm: Arm, clusterId: string): ClusterProperties | undefined =>
  arm.readCluster(clusterId)?.["properties"] as ClusterProperties | undefined;

const versionOf = (arm: Arm, clusterId: string): string =>
  propertiesOf(arm, clusterId)?.currentKubernetesVersion ?? "1.33.5";

function objectIdOf(arm: Arm, clusterId: string): string {
  const { nodeResourceGroup = "" } = propertiesOf(arm, clusterId) ?? {};
  const name = parseArmId(clusterId)?.name ?? "";
  return kubeletIdentity({ id: clusterId, name, nodeResourceGroup }).objectId;
}
