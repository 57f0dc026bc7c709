import { expect, test } from "vitest";
import { memberNames } from "../../shared/fleet/member-name.ts";
import { clusterIdOf } from "../../shared/fleet/model.ts";
import { clusterArmId } from "../builders.ts";
import { fc } from "../chance.ts";

test.each([
  ["aks-1", "aks-1"],
  ["AKS_East.1", "aks-east-1"],
  ["--odd--", "odd"],
  ["日本", "cluster"],
])("a cluster %j becomes the member %j", (cluster, member) => {
  expect(memberNames(cluster, clusterIdOf(clusterArmId(cluster)))[0]).toBe(member);
});

test("two clusters of one name in different resource groups get distinct second names", () => {
  const [one, two] = ["rg-1", "rg-2"].map(
    (group) => memberNames("aks-1", clusterIdOf(clusterArmId("aks-1", group)))[1],
  );
  expect(one).toMatch(/^aks-1-[0-9a-f]{6}$/);
  expect(two).toMatch(/^aks-1-[0-9a-f]{6}$/);
  expect(one).not.toBe(two);
});

test("each name is one that ARM takes for a member", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 80 }), (name) => {
      for (const each of memberNames(name, clusterIdOf(`/x/${name}`))) {
        expect(each).toMatch(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/);
        expect(each.length).toBeLessThanOrEqual(50);
      }
    }),
  );
});
