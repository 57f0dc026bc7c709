/** Verbs, groups, resources, names and subjects are entries. */
export interface RbacLimits {
  readonly objects: number;
  readonly entries: number;
}

/** Of a whole fleet: what a process keeps of it in memory. */
const fleetLimits: RbacLimits = { objects: 20_000, entries: 500_000 };

/**
 * Of one kind in one namespace: who may write roles there takes nothing from other namespaces. More
 * than the largest object that a request can bring.
 */
const namespaceLimits: RbacLimits = { objects: 2_000, entries: 60_000 };

/** How much of a fleet's roles and bindings is looked at. */
export interface RbacBudget {
  /** Whether this object is; one that is too much for its place leaves room for others. */
  readonly takes: (
    of: { readonly kind: string; readonly namespace: string | undefined },
    entries: number,
  ) => boolean;
  /** Nothing more is looked at. */
  readonly isSpent: () => boolean;
  /** What is not looked at, for who is refused something; undefined when all is. */
  readonly leftOut: () => string | undefined;
}

interface Left {
  objects: number;
  entries: number;
}

export function rbacBudget(): RbacBudget {
  const ofFleet: Left = { ...fleetLimits };
  const ofNamespaces = new Map<string, Left>();
  const spent = new Set<string>();

  const leftIn = (kind: string, namespace: string): Left => {
    const place = `${kind} ${namespace}`;
    const left = ofNamespaces.get(place) ?? { ...namespaceLimits };
    ofNamespaces.set(place, left);
    return left;
  };
  return {
    takes: ({ kind, namespace }, entries) => {
      if (namespace !== undefined && !take(leftIn(kind, namespace), entries)) {
        spent.add(limitText(namespaceLimits, `of a kind in the namespace "${namespace}"`));
        return false;
      }
      if (take(ofFleet, entries)) return true;
      spent.add(limitText(fleetLimits, "of a fleet"));
      return false;
    },
    isSpent: () => isSpent(ofFleet),
    leftOut: () => [...spent].at(-1),
  };
}

function take(left: Left, entries: number): boolean {
  left.objects -= 1;
  left.entries -= entries;
  return !isSpent(left);
}

function isSpent({ objects, entries }: Left): boolean {
  return objects < 0 || entries < 0;
}

function limitText({ objects, entries }: RbacLimits, of: string): string {
  return `only ${objects} RBAC objects with ${entries} entries ${of} are looked at`;
}
