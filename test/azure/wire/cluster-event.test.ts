import { expect, test } from "vitest";
import { changedResource } from "../../../shared/azure/wire/cluster-event.ts";
import { clusterArmId, subscription } from "../../builders.ts";

const id = clusterArmId("AKS-1");
const lower = id.toLowerCase();
const write = "Microsoft.Resources.ResourceWriteSuccess";
const topic = `/subscriptions/${subscription}`;
const balancer = `${topic}/resourceGroups/rg/providers/Microsoft.Network/loadBalancers/lb`;

test.each([
  ["a pool that rolled", "Microsoft.ContainerService.NodePoolRollingSucceeded", id, "AKS-1", lower],
  ["a cluster that was written", write, topic, id, lower],
  ["an agent pool that was written", write, topic, `${id}/agentPools/np1`, lower],
  ["a deleted cluster", "Microsoft.Resources.ResourceDeleteSuccess", topic, id, lower],
  ["a load balancer", write, topic, `${balancer}/backendAddressPools/p`, balancer.toLowerCase()],
  [
    "a virtual machine",
    write,
    topic,
    balancer.replace("Network/loadBalancers", "Compute/vms"),
    undefined,
  ],
  ["a subscription", write, topic, topic, undefined],
])("an event of %s", (_name, eventType, eventTopic, subject, want) => {
  expect(changedResource({ eventType, topic: eventTopic, subject })).toBe(want);
});

test.each([
  [{}],
  [null],
  ["text"],
  [{ eventType: 1, topic, subject: id }],
  [{ eventType: write, topic }],
])("what is no event is refused: %j", (event) => {
  expect(() => changedResource(event)).toThrow(/^Cannot read event/);
});

const action = "Microsoft.Resources.ResourceActionSuccess";
const clusters = "Microsoft.ContainerService/managedClusters";

test.each([
  ["listed its credentials", `${clusters}/listClusterUserCredential/action`, undefined],
  ["listed an access profile", `${clusters}/accessProfiles/listCredential/action`, undefined],
  ["started it", `${clusters}/start/action`, lower],
  ["wrote it", `${clusters}/write`, lower],
])("somebody %s", (_what, operationName, want) => {
  const event = { eventType: action, topic, subject: id, data: { operationName } };
  expect(changedResource(event)).toBe(want);
});

test.each([[undefined], [null], ["text"], [{}], [{ operationName: 1 }]])(
  "an event with data that we do not know still asks to look: %j",
  (data) => {
    expect(changedResource({ eventType: action, topic, subject: id, data })).toBe(lower);
  },
);
