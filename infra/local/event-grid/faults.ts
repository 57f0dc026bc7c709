/** What goes wrong with deliveries, on demand; Event Grid promises neither order nor once. */
export interface DeliveryFaults {
  /** How many times each event is delivered; 1 is no fault. */
  readonly copies: number;
  /** Events are held this long and then go out in random order; 0 is no fault. */
  readonly shuffleMs: number;
  /** Events are accepted and never delivered. */
  readonly drop: boolean;
  /** The events that it applies to; all when empty. */
  readonly eventTypes: readonly string[];
}

export const noFaults: DeliveryFaults = { copies: 1, shuffleMs: 0, drop: false, eventTypes: [] };

const copiesMax = 100;
const shuffleMsMax = 600_000;

export interface FaultSwitch {
  /** Changes what is named and leaves the rest. */
  readonly set: (change: Partial<DeliveryFaults>) => void;
  readonly clear: () => void;
  readonly current: () => DeliveryFaults;
  /** The faults of an event of this type. */
  readonly of: (eventType: string) => DeliveryFaults;
}

export function createFaultSwitch(): FaultSwitch {
  let faults = noFaults;
  return {
    set: (change) => {
      faults = checked({ ...faults, ...change });
    },
    clear: () => {
      faults = noFaults;
    },
    current: () => faults,
    of: (eventType) =>
      faults.eventTypes.length === 0 || faults.eventTypes.includes(eventType) ? faults : noFaults,
  };
}

function checked(faults: DeliveryFaults): DeliveryFaults {
  const { copies, shuffleMs } = faults;
  if (!Number.isInteger(copies) || copies < 1 || copies > copiesMax) {
    throw new Error(`Cannot set copies ${copies}: must be 1 to ${copiesMax}`);
  }
  if (!(shuffleMs >= 0 && shuffleMs <= shuffleMsMax)) {
    throw new Error(`Cannot set shuffleMs ${shuffleMs}: must be 0 to ${shuffleMsMax}`);
  }
  return faults;
}

/** In random order, by `random` from 0 to 1. */
export function shuffled<Item>(items: readonly Item[], random: () => number): readonly Item[] {
  return items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
