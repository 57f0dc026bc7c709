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
