import { expect, test } from "vitest";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import { tellWarnings } from "../../../shared/kube/warnings/warnings.ts";
import { warningsOfKinds } from "../../../shared/kube/warnings/warnings-of-kinds.ts";
import type { Json } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { objectOf } from "./warned.ts";

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<Json>;
const deep = (names: readonly string[], value: Json): Json =>
  names.reduceRight<Json>((inside, name) => {
    if (name === "[]") return [inside, inside, null];
    return { [name]: inside };
  }, value);

const places = [
  ["spec", "template", "spec", "containers", "[]", "ports", "[]"],
  ["spec", "template", "spec", "containers", "[]", "env", "[]"],
  ["spec", "template", "spec", "volumes", "[]", "projected", "sources", "[]"],
  ["spec", "template", "spec", "affinity", "nodeAffinity"],
  ["spec", "template", "spec", "hostAliases", "[]"],
  ["spec", "clusterIPs", "[]"],
  ["spec", "loadBalancerSourceRanges", "[]"],
  ["spec", "ingress", "[]", "from", "[]", "ipBlock"],
  ["spec", "resources", "requests", "storage"],
  ["subsets", "[]", "addresses", "[]"],
  ["endpoints", "[]", "addresses", "[]"],
  ["allowedTopologies", "[]", "matchLabelExpressions", "[]"],
  ["nodeTopology"],
  ["scheduling"],
  ["template", "spec"],
];

const anywhere = fc
  .tuple(fc.constantFrom(...places), fc.nat(8), json)
  .map(([place, depth, value]) => objectOf(deep(place.slice(0, depth), value) as never));

test.each([...warningsOfKinds])("no content makes the warnings of %s throw", (_, warn) => {
  fc.assert(
    fc.property(anywhere, fc.option(anywhere, { nil: undefined }), (object, before) => {
      for (const warning of warn(object, before as KubeObject | undefined)) {
        expect(warning).not.toBe("");
      }
    }),
  );
});

test("of very many warnings the first are told", () => {
  const told: string[] = [];
  const endless = function* (): Iterable<string> {
    for (let count = 0; ; count++) yield `warning ${count}`;
  };
  tellWarnings(endless, told, objectOf({}));
  expect(told.length).toBe(200);
});
