import { keyOf } from "../../lib/document.ts";
import { type Strategy, strategyKind } from "../../updates/model.ts";
import { ArmError, invalid } from "../arm-error.ts";
import type { AdminCall } from "../served-resource.ts";

const field = "properties.updateStrategyId";

/** The strategy with the ARM id; it must be one of the run's own fleet. */
export async function strategyNamed(id: string, { effects, key }: AdminCall): Promise<Strategy> {
  const prefix = `${key.fleet}/updatestrategies/`;
  const name = id.toLowerCase().slice(prefix.length);
  if (!id.toLowerCase().startsWith(prefix) || name === "" || name.includes("/")) {
    throw invalid(field, `Cannot use strategy "${id}": must be the id of one in the run's fleet`);
  }
  const found = await effects.store.read(keyOf(strategyKind, key.fleet, name));
  if (found !== undefined) return found.body.strategy;
  const message = `The update strategy '${id}' was not found.`;
  throw new ArmError(404, "ResourceNotFound", message, { target: field });
}
