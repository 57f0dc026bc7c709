/**
 * The events that Azure tells of a change, in Event Grid's own schema.
 *
 * @see https://learn.microsoft.com/azure/event-grid/event-schema-subscriptions
 * @see https://learn.microsoft.com/azure/event-grid/event-schema-aks
 */
import { randomUUID } from "node:crypto";
import type { Cause } from "./operation.ts";
import { nameOf, subscriptionOf } from "./path.ts";

export interface EventGridEvent {
  readonly id: string;
  /** The id of the subscription, or of the cluster for an event of AKS. */
  readonly topic: string;
  readonly subject: string;
  readonly eventType: string;
  readonly eventTime: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly dataVersion: string;
  readonly metadataVersion: string;
}

const contributor = "b24988ac618042a0ab8820f7382dd24c";

export interface ResourceEvent {
  readonly resourceId: string;
  /** `Microsoft.ContainerService/managedClusters/write`. */
  readonly operationName: string;
  readonly outcome: "Success" | "Failure" | "Cancel";
  readonly cause: Cause;
}

/** `Microsoft.Resources.ResourceWriteSuccess` and its kin, by the last word of the operation. */
export function resourceEvent({
  resourceId,
  operationName,
  outcome,
  cause,
}: ResourceEvent): EventGridEvent {
  const subscriptionId = subscriptionOf(resourceId);
  // The resource group is in lower case here, whatever it is in the resource: Azure does so.
  const subject = resourceId.replace("/resourceGroups/", "/resourcegroups/");
  return {
    id: randomUUID(),
    topic: `/subscriptions/${subscriptionId}`,
    subject,
    eventType: `Microsoft.Resources.Resource${verbOf(operationName)}${outcome}`,
    eventTime: new Date().toISOString(),
    dataVersion: "2",
    metadataVersion: "1",
    data: {
      authorization: {
        scope: subject,
        action: operationName,
        evidence: {
          role: "Contributor",
          roleAssignmentScope: `/subscriptions/${subscriptionId}`,
          roleAssignmentId: cause.objectId.replaceAll("-", ""),
          roleDefinitionId: contributor,
          principalId: cause.objectId.replaceAll("-", ""),
          principalType: "ServicePrincipal",
        },
      },
      claims: claimsOf(cause),
      correlationId: cause.correlationId,
      ...(cause.isCreation ? {} : { httpRequest: httpRequestOf(cause) }),
      resourceProvider: operationName.split("/")[0],
      resourceUri: subject,
      operationName,
      status: { Success: "Succeeded", Failure: "Failed", Cancel: "Canceled" }[outcome],
      subscriptionId,
      tenantId: cause.tenantId,
    },
  };
}

function verbOf(operationName: string): string {
  if (operationName.endsWith("/write")) return "Write";
  return operationName.endsWith("/delete") ? "Delete" : "Action";
}

function claimsOf({ appId, objectId, tenantId }: Cause) {
  const now = Math.floor(Date.now() / 1000);
  const issuer = `https://sts.windows.net/${tenantId}/`;
  return {
    aud: "https://management.core.windows.net/",
    iss: issuer,
    iat: String(now),
    nbf: String(now),
    exp: String(now + 3_600),
    appid: appId,
    appidacr: "1",
    "http://schemas.microsoft.com/identity/claims/identityprovider": issuer,
    "http://schemas.microsoft.com/identity/claims/objectidentifier": objectId,
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/nameidentifier": objectId,
    "http://schemas.microsoft.com/identity/claims/tenantid": tenantId,
    ver: "1.0",
  };
}

function httpRequestOf({ clientRequestId, method, url }: Cause) {
  return { clientRequestId, clientIpAddress: "127.0.0.1", method, url };
}

/** `Microsoft.ContainerService.NodePoolRollingStarted` and its kin; the subject is a bare name. */
export function nodePoolEvent(
  clusterId: string,
  poolName: string,
  moment: "Started" | "Succeeded" | "Failed",
): EventGridEvent {
  return clusterEvent(clusterId, `NodePoolRolling${moment}`, { nodePoolName: poolName });
}

/** An event of AKS itself, told on the topic of the cluster. */
export function clusterEvent(
  clusterId: string,
  name: string,
  data: Readonly<Record<string, string>>,
): EventGridEvent {
  return {
    id: randomUUID(),
    topic: clusterId,
    subject: nameOf(clusterId),
    eventType: `Microsoft.ContainerService.${name}`,
    eventTime: new Date().toISOString(),
    data,
    dataVersion: "1",
    metadataVersion: "1",
  };
}
