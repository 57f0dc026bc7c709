/** `UpdateRunStrategy`, as strategies and runs carry it. */
import { z } from "zod";
import type { GroupSpec, StageSpec, Strategy } from "../../updates/model.ts";
import { knows } from "../api-version.ts";
import { invalid } from "../arm-error.ts";

const stagesMax = 100;
/** As Azure's: https://learn.microsoft.com/azure/kubernetes-fleet/update-orchestration */
const groupsPerStageMax = 50;
const waitSecondsMax = 90 * 86_400;

const name = z
  .string()
  .max(50)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 'must be of a-z, 0-9 and "-"');
const maxConcurrency = z
  .string()
  .regex(/^(?:([1-9]\d*)|([1-9]\d?|100)%)$/, 'must be a number from 1 on, or "1%" to "100%"')
  .nullish();

/** What is in the API and not served here is refused, never passed over in silence. */
const none = (what: string) => z.array(z.unknown()).max(0, `${what} are not supported`).nullish();
const noSelector = z.null("memberSelector is not supported").optional();
const noFailures = z
  .string()
  .regex(/^0%?$/, 'must be "0": a failed member halts the run')
  .nullish();

const gates = { beforeGates: none("gates"), afterGates: none("gates") };
const limits = { maxConcurrency, maxAllowedFailures: noFailures, memberSelector: noSelector };

const group = z.strictObject({ name, ...limits, ...gates });
const stage = z.strictObject({
  name,
  groups: z.array(group).min(1).max(groupsPerStageMax),
  afterStageWaitInSeconds: z.int().min(0).max(waitSecondsMax).nullish(),
  ...limits,
  ...gates,
});

export const strategyShape = z.strictObject({ stages: z.array(stage).min(1).max(stagesMax) });

type StrategyInput = z.infer<typeof strategyShape>;

/** From when on callers know `maxConcurrency`: an older one's PUT leaves it as it was. */
const concurrencySince = "2026-02-01";

/** Throws for what a schema cannot say: names and groups that come twice, limits that clash. */
export function strategyOf(
  input: StrategyInput,
  before: Strategy | undefined,
  apiVersion: string,
): Strategy {
  mustDiffer(input);
  const kept = knows(apiVersion, concurrencySince) ? undefined : before;
  const strategy: Strategy = {
    stages: input.stages.map((each): StageSpec => {
      const stageBefore = kept?.stages.find((other) => other.name === each.name);
      const wait = each.afterStageWaitInSeconds;
      return {
        name: each.name,
        groups: each.groups.map(
          (one): GroupSpec => ({
            name: one.name,
            ...concurrencyOf(
              one,
              stageBefore?.groups.find((other) => other.name === one.name),
            ),
          }),
        ),
        ...(wait !== undefined && wait !== null && { afterStageWaitInSeconds: wait }),
        ...concurrencyOf(each, stageBefore),
      };
    }),
  };
  mustFit(strategy);
  return strategy;
}

interface Limited {
  readonly maxConcurrency?: string | null | undefined;
}

function concurrencyOf(said: Limited, before: Limited | undefined) {
  const limit = said.maxConcurrency ?? before?.maxConcurrency;
  return limit ? { maxConcurrency: limit } : {};
}

function mustDiffer({ stages }: StrategyInput): void {
  const groups = new Map<string, string>();
  const names = new Set<string>();
  for (const [index, each] of stages.entries()) {
    const at = `properties.strategy.stages[${index}]`;
    if (names.has(each.name)) throw invalid(`${at}.name`, `Stage "${each.name}" comes twice`);
    names.add(each.name);
    for (const [position, one] of each.groups.entries()) {
      const other = groups.get(one.name);
      if (other !== undefined) {
        const message = `Group "${one.name}" comes twice: it is in stage "${other}"`;
        throw invalid(`${at}.groups[${position}].name`, message);
      }
      groups.set(one.name, each.name);
    }
  }
}

/** Percentages depend on how many members there are, so only numbers can clash beforehand. */
function mustFit({ stages }: Strategy): void {
  for (const [index, each] of stages.entries()) {
    const limit = Number(each.maxConcurrency ?? Number.NaN);
    for (const [position, { maxConcurrency: own = "1" }] of each.groups.entries()) {
      if (Number(own) > limit) {
        const message = `maxConcurrency "${own}" must be at most the stage's, "${limit}"`;
        throw invalid(
          `properties.strategy.stages[${index}].groups[${position}].maxConcurrency`,
          message,
        );
      }
    }
  }
}
