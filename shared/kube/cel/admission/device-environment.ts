import { newEnvironment } from "../cel-environment.ts";
import type { CelEnvironment } from "../cel-node.ts";

let environment: CelEnvironment | undefined;

/**
 * The environment of expressions that choose devices, which are checked, and never run here; made
 * when it is first asked for. What an attribute is, is known where the devices are.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export function deviceEnvironment(): CelEnvironment {
  environment ??= newEnvironment()
    .registerType("kubernetes.DRADevice", {
      ctor: class {},
      fields: {
        driver: "string",
        attributes: "map<string, map<string, dyn>>",
        capacity: "map<string, map<string, kubernetes.Quantity>>",
        allowMultipleAllocations: "bool",
      },
    })
    .registerVariable("device", "kubernetes.DRADevice");
  return environment;
}
