/** A queue for each key, so that a slow webhook holds up nobody else's events. */
export interface Lanes<Key, Item> {
  readonly push: (key: Key, items: readonly Item[]) => void;
  readonly remove: (key: Key) => void;
}

/** Runs up to `inFlightMax` items of a key at once, in the order in which they came. */
export function createLanes<Key, Item>(
  run: (item: Item) => Promise<void>,
  inFlightMax: number,
): Lanes<Key, Item> {
  const lanes = new Map<Key, { readonly ready: Item[]; inFlight: number }>();
  const pump = (lane: { readonly ready: Item[]; inFlight: number }) => {
    while (lane.inFlight < inFlightMax) {
      const item = lane.ready.shift();
      if (item === undefined) return;
      lane.inFlight += 1;
      void run(item).finally(() => {
        lane.inFlight -= 1;
        pump(lane);
      });
    }
  };
  return {
    push: (key, items) => {
      const lane = lanes.get(key) ?? { ready: [], inFlight: 0 };
      lanes.set(key, lane);
      lane.ready.push(...items);
      pump(lane);
    },
    remove: (key) => void lanes.delete(key),
  };
}
