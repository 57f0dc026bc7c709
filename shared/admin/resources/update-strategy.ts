import { z } from "zod";
import { strategyKind, type UpdateStrategy } from "../../updates/model.ts";
import { parseBody, readOnly } from "../request-body.ts";
import type { ServedResource } from "../served-resource.ts";
import { systemDataOf } from "../system-data.ts";
import { strategyOf, strategyShape } from "./strategy-shape.ts";

const shape = z.object({
  properties: z.strictObject({ strategy: strategyShape, provisioningState: readOnly }),
});

/** A run copies its strategy, so a strategy may change or go while runs made of it go on. */
export const updateStrategyResource: ServedResource<UpdateStrategy> = {
  type: "fleets/updateStrategies",
  kind: strategyKind,
  nameMax: 50,
  changedBy: "writer",
  pageMax: 100,

  async show({ body: { strategy, systemData } }) {
    return { systemData, properties: { provisioningState: "Succeeded", strategy } };
  },

  async put(body, before, { caller, effects, apiVersion }) {
    const { properties } = parseBody(shape, body);
    const strategy = strategyOf(properties.strategy, before?.body.strategy, apiVersion);
    const now = effects.clock.now();
    return { body: { strategy, systemData: systemDataOf(caller, now, before?.body.systemData) } };
  },

  async remove(document) {
    return { kind: "gone", writes: [{ kind: "delete", document }] };
  },
};
