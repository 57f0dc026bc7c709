import { arrayOf, at, objectOf } from "../../kube/json.ts";
import type { Json, JsonObject } from "../../lib/kube-object.ts";
import { type Amounts, amountsOf, most, nanosOf, noAmounts, plus } from "./resource-amounts.ts";

/**
 * What a pod takes of its node, as the scheduler counts it: the larger of what its containers ask
 * for together and of what each init container asks for, with its sidecars (init containers that
 * always restart) beside them; what the pod asks for as a whole stands instead; its overhead comes
 * on top.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function requestsOf(pod: JsonObject): Amounts {
  const spec = objectOf(pod["spec"]);
  let sidecars = noAmounts;
  let starting = noAmounts;
  for (const container of arrayOf(spec["initContainers"])) {
    const asked = requestsIn(container);
    if (at(container, "restartPolicy") === "Always") sidecars = plus(sidecars, asked);
    else starting = most(starting, plus(sidecars, asked));
  }
  const running = arrayOf(spec["containers"]).map(requestsIn).reduce(plus, sidecars);
  const whole = objectOf(at(spec, "resources", "requests"));
  const { cpu, memory } = most(running, starting);
  const asked = { cpu: nanosOf(whole["cpu"]) ?? cpu, memory: nanosOf(whole["memory"]) ?? memory };
  return plus(asked, amountsOf(spec["overhead"]));
}

const requestsIn = (container: Json): Amounts => amountsOf(at(container, "resources", "requests"));
