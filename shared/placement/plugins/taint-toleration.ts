import type { Taint } from "../../fleet/model.ts";
import type { Toleration } from "../model.ts";
import type { Plugin } from "../plugin.ts";

/** Keeps work off a tainted cluster, unless the placement tolerates each of its taints. */
export const taintToleration: Plugin = {
  name: "TaintToleration",
  filter: ({ tolerations = [] }, { taints }) => {
    const untolerated = taints.find((taint) => !tolerations.some((each) => tolerates(each, taint)));
    return untolerated && `taint ${taintText(untolerated)} cannot be tolerated`;
  },
};

function tolerates(toleration: Toleration, taint: Taint): boolean {
  // Its effect, if it names one, is NoSchedule: there is no other.
  const { key, operator = "Equal", value = "" } = toleration;
  if (operator === "Exists") return key === undefined || key === "" || key === taint.key;
  return key === taint.key && value === (taint.value ?? "");
}

/** As `kubectl taint` writes one: "gpu=a100:NoSchedule". */
function taintText({ key, value, effect }: Taint): string {
  return `${key}${value === undefined ? "" : `=${value}`}:${effect}`;
}
