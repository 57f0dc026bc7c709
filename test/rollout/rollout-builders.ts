import { type Document, keyOf } from "../../shared/lib/document.ts";
import { bind } from "../../shared/rollout/binding-change.ts";
import { type Binding, bindingKind, bindingName } from "../../shared/rollout/model.ts";
import { documentOf, fleetId, noon } from "../builders.ts";
import { cluster } from "../placement/placement-builders.ts";

/** A binding that was just made for snapshot "web-1"; its rollout as told. */
export function bindingDocument(
  member: string,
  rollout: Partial<Binding["rollout"]> = {},
  more: Partial<Document<Binding>> = {},
): Document<Binding> {
  const body = bind({
    placement: "web",
    cluster: cluster(member),
    decision: { clusterName: member, selected: true, reason: "picked" },
    snapshot: "web-1",
    settleSeconds: 60,
    now: noon,
  });
  const key = keyOf(bindingKind, fleetId, bindingName("web", member));
  const known = { ...body, rollout: { ...body.rollout, ...rollout } };
  return documentOf(key, known, { wakeAt: noon, ...more });
}
