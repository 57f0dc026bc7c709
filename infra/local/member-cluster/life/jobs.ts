import type { JsonObject } from "../../../../shared/lib/kube-object.ts";
import { numberAt, type Rule } from "./rule.ts";

/** A Job's pods run and succeed. */
export const jobs: Rule = {
  kinds: ["batch/jobs"],
  afterSeconds: 60,
  next: async (changed, view) => {
    const { name, namespace } = changed.key;
    const document = await view.read("batch/jobs", name, namespace);
    const isOver = document?.body.status?.["completionTime"] !== undefined;
    if (document === undefined || document.uid !== changed.uid || isOver) return [];
    if (document.body.spec?.["suspend"] === true) return [];
    const now = view.api().clock.now();
    const conditions = ["SuccessCriteriaMet", "Complete"].map((type) => ({
      type,
      status: "True",
      lastProbeTime: now,
      lastTransitionTime: now,
      reason: "CompletionsReached",
      message: "Reached expected number of succeeded pods",
    }));
    const status: JsonObject = {
      startTime: document.createdAt,
      completionTime: now,
      succeeded: numberAt(document.body.spec, "completions", 1),
      ready: 0,
      terminating: 0,
      conditions,
    };
    return [{ kind: "replace", document, body: { ...document.body, status } }];
  },
};
