/**
 * What GitOps tools and controllers send, replayed: the tools are not run here. The sequences are
 * written after their public documentation and the client libraries that they use.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { endLaptops, type Laptop, startLaptop } from "../../journeys/laptop.ts";
import { apply, namespace } from "../../journeys/objects.ts";
import { replay } from "./replay.ts";

let laptop: Laptop;
beforeAll(async () => {
  laptop = await startLaptop();
}, 60_000);
afterAll(endLaptops);

test.each([
  [
    "Flux's kustomize-controller applies, finds no drift, takes over, prunes",
    "kustomize-controller",
  ],
  ["Flux's helm-controller keeps releases as Secrets and applies charts", "helm-controller"],
  ["Flux's controllers record events and count them", "event-recorder"],
  ["Argo CD learns the hub, lists, watches, compares, applies, deletes", "argo-cd"],
  ["a controller's cache, finalizer, status and leader election work", "controller-runtime"],
])(
  "%s",
  async (_name, file) => {
    await apply(laptop.hub, [namespace(file)]);
    const large = Buffer.alloc(150_000, "helm").toString("base64");
    const steps = await replay(laptop, `${file}.yaml`, { ns: file, large });
    expect(steps).toBeGreaterThan(4);
  },
  60_000,
);
