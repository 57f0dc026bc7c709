import { expect, test } from "vitest";
import { homeRegion } from "../../shared/traffic/home-region.ts";
import { balancerIds, balancerTags, hasTags } from "../../shared/traffic/names.ts";
import { fleetArmId, fleetId } from "../builders.ts";

test.each([
  ["westeurope", "westeurope"],
  ["East US 2", "eastus2"],
  ["eastus", "eastus2"],
  ["southcentralus", "centralus"],
  ["westus3", "westus"],
  ["ukwest", "uksouth"],
  ["swedencentral", "northeurope"],
  ["germanywestcentral", "westeurope"],
  ["japaneast", "eastasia"],
  ["australiaeast", "southeastasia"],
  ["usgovarizona", "usgovvirginia"],
  ["brazilsouth", "eastus2"],
  ["", "eastus2"],
])("a fleet in %j keeps its load balancers in %s", (location, home) => {
  expect(homeRegion(location)).toBe(home);
});

test("a load balancer's name follows from the fleet and the object alone", () => {
  const { loadBalancerId, publicIpId } = balancerIds(fleetArmId, "demo", "web");
  expect(balancerIds(fleetArmId.toUpperCase(), "demo", "web").loadBalancerId.toLowerCase()).toBe(
    loadBalancerId.toLowerCase(),
  );
  expect(loadBalancerId).toMatch(/\/loadBalancers\/hubless-fleet-1-[0-9a-f]{8}$/);
  expect(publicIpId).toMatch(/\/publicIPAddresses\/hubless-fleet-1-[0-9a-f]{8}$/);
  expect(balancerIds(fleetArmId, "demo", "api").loadBalancerId).not.toBe(loadBalancerId);
});

test("the longest name of a fleet makes a name that Azure takes", () => {
  const long = fleetArmId.replace("fleet-1", "f".repeat(63));
  const name = balancerIds(long, "demo", "web").loadBalancerId.split("/").at(-1);
  expect(name?.length).toBeLessThanOrEqual(80);
});

test("what is no ARM id names nothing", () => {
  expect(() => balancerIds("fleet-1", "demo", "web")).toThrow("must be an ARM id");
});

test("tags say whose a resource is, whatever others say", () => {
  const tags = balancerTags(fleetId, "demo", "web");
  expect(hasTags({ ...tags, cost: "42" }, tags)).toBe(true);
  expect(hasTags({ ...tags, "hubless-service": "demo/api" }, tags)).toBe(false);
  expect(hasTags({}, tags)).toBe(false);
  const long = balancerTags(`/subscriptions/${"x".repeat(300)}` as typeof fleetId, "demo", "web");
  expect(long["hubless-fleet"]).toHaveLength(256);
});
