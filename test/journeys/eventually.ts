import { type Expectation, waitUntil } from "../../infra/local/tour/wait-until.ts";

type Wanted<Seen> = Pick<Expectation<Seen>, "expected" | "look" | "missing"> & {
  readonly limitSeconds?: number;
};

/** Looks until nothing is missing; fails with what was expected and what was seen last. */
export async function eventually<Seen>(wanted: Wanted<Seen>): Promise<Seen> {
  return await waitUntil({ where: "the test's laptop cloud", limitSeconds: 30, ...wanted });
}

/** As `eventually`, while looks may fail: a part of the cloud is away or answers with a fault. */
export async function eventuallyDespiteFaults<Seen>({
  look,
  missing,
  ...wanted
}: Wanted<Seen>): Promise<Seen> {
  const { seen } = await eventually<{ seen?: Seen; failure?: string }>({
    ...wanted,
    look: async () => {
      try {
        return { seen: await look() };
      } catch (error) {
        return { failure: `a look that failed: ${String(error)}` };
      }
    },
    missing: (sight) => sight.failure ?? missing(sight.seen as Seen),
  });
  return seen as Seen;
}

/** What is missing where `seen` must be `wanted`, compared as JSON. */
export function differs(seen: unknown, wanted: unknown): string | undefined {
  const [is, must] = [JSON.stringify(seen), JSON.stringify(wanted)];
  return is === must ? undefined : `${is} and not ${must}`;
}
