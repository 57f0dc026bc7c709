/**
 * The data keys of fleets: random, wrapped, each a document of its fleet named by its number.
 *
 * D1. The newest seals, and any opens. None is ever removed or changed.
 * D2. A fleet gets its first when something is sealed, and the next when the newest is
 *     `newKeyDays` old. Each number is created once: of two processes, one loses and reads.
 * D3. A process opens each key once. One that cannot be opened is asked for again after a while,
 *     and until then answered from memory, so that nobody waits for a keeper that is away.
 */
import { randomBytes } from "node:crypto";
import type { Clock } from "../../effects/clock.ts";
import type { KeyWrap, WrappedKey } from "../../effects/key-wrap.ts";
import type { Store } from "../../effects/store.ts";
import { type Document, type FleetId, keyOf, keyText, kind } from "../../lib/document.ts";
import { FleetError } from "../../lib/fleet-error.ts";
import { hasPassed, plusSeconds } from "../../lib/instant.ts";
import type { DataKey } from "./sealed-body.ts";
import { dataKeyBytes, sealingKeys } from "./sealed-text.ts";

export const dataKeyKind = kind<WrappedKey>("hubless/datakeys");

export interface DataKeys {
  /** The key that seals. Throws "Unavailable" when its keeper is away. */
  newest(fleet: FleetId): Promise<DataKey>;
  /** The key of that name. Throws "Unavailable" when it, or its keeper, is away. */
  named(fleet: FleetId, name: string): Promise<DataKey>;
}

export interface DataKeysOptions {
  /** Where the wrapped keys are: the fleet log itself. */
  readonly store: Store;
  readonly wrap: KeyWrap;
  readonly clock: Clock;
}

/**
 * A nonce is 96 bits of a hash, so a key must seal far fewer than 2^48 texts: a fleet log takes not
 * a thousandth of that in this time.
 */
const newKeyDays = 90;
const daySeconds = 86_400;

/** So long a process seals with the key that it knows as the newest. */
const newestMilliseconds = 3_600_000;
const failureMilliseconds = 5_000;
const racesMax = 10;
const keptMax = 10_000;

export function dataKeys({ store, wrap, clock }: DataKeysOptions): DataKeys {
  const opened = onceEach<DataKey>();
  const newestKnown = onceEach<DataKey>(newestMilliseconds);

  async function unwrapped({ key, body }: Document<WrappedKey>): Promise<DataKey> {
    const bytes = await wrap.unwrap(body);
    if (bytes.byteLength === dataKeyBytes) return { name: key.name, ...sealingKeys(bytes) };
    throw new Error(`Cannot use data key "${keyText(key)}": must be ${dataKeyBytes} bytes`);
  }

  async function read(fleet: FleetId, name: string): Promise<Document<WrappedKey>> {
    const document = await store.read(keyOf(dataKeyKind, fleet, name));
    if (document !== undefined) return document;
    throw new FleetError(
      "Unavailable",
      `Cannot open what data key "${name}" of "${fleet}" sealed: the key must be there`,
      { retryAfterSeconds: failureMilliseconds / 1_000 },
    );
  }

  async function create(fleet: FleetId, number: number): Promise<void> {
    const body = await wrap.wrap(randomBytes(dataKeyBytes));
    const key = keyOf(dataKeyKind, fleet, String(number));
    // Who loses the race finds the winner's key.
    await store.commit({ fleet, writes: [{ kind: "create", key, body }] });
  }

  async function findNewest(fleet: FleetId): Promise<DataKey> {
    for (let race = 0; race < racesMax; race++) {
      const { documents } = await store.list({ fleet, kind: dataKeyKind });
      const newest = documents.toSorted((a, b) => numberOf(a) - numberOf(b)).at(-1);
      if (newest !== undefined && !isOld(newest, clock)) {
        return await opened(`${fleet}|${newest.key.name}`, async () => await unwrapped(newest));
      }
      await create(fleet, newest === undefined ? 1 : numberOf(newest) + 1);
    }
    throw new FleetError("Unavailable", `Cannot make a data key for "${fleet}": try again`, {
      retryAfterSeconds: 1,
    });
  }

  return {
    newest: async (fleet) => await newestKnown(fleet, async () => await findNewest(fleet)),
    named: async (fleet, name) =>
      await opened(`${fleet}|${name}`, async () => await unwrapped(await read(fleet, name))),
  };
}

const numberOf = ({ key }: Document): number => Number(key.name);

const isOld = ({ createdAt }: Document, clock: Clock): boolean =>
  hasPassed(plusSeconds(createdAt, newKeyDays * daySeconds), clock.now());

type OnceEach<Value> = (name: string, make: () => Promise<Value>) => Promise<Value>;

/** Makes each thing once, for a time when one is given, and remembers for a while what failed. */
function onceEach<Value>(milliseconds = Number.POSITIVE_INFINITY): OnceEach<Value> {
  const made = new Map<string, { readonly value: Promise<Value>; until: number }>();
  return async (name, make) => {
    const known = made.get(name);
    if (known !== undefined && performance.now() < known.until) return await known.value;
    if (made.size >= keptMax) made.clear();
    const entry = { value: make(), until: performance.now() + milliseconds };
    made.set(name, entry);
    try {
      return await entry.value;
    } catch (error) {
      entry.until = performance.now() + failureMilliseconds;
      throw error;
    }
  };
}
