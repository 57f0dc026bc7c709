/** Verbs, groups, resources, names and subjects are entries. */
interface RbacLimits {
  readonly objects: number;
  readonly entries: number;
}

/** Of a whole fleet: what a process keeps of it in memory. */
const fleetLimits: RbacLimits = { objects: 20_000, entries: 500_000 };

/**
 * Of one kind in one namespace: who may write roles in some of them takes nothing from others. More
 * than the largest object that a request can bring.
 */
const namespaceLimits: RbacLimits = { objects: 2_000, entries: 60_000 };

/** How much of a fleet's roles and bindings is looked at. */
export interface RbacBudget {
  /** Whether this object is; one that is too much leaves room for smaller ones. */
  readonly takes: (
    of: { readonly kind: string; readonly namespace: string | undefined },
    entries: number,
  ) => boolean;
  /** No object is any more. */
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
  let leftOut: string | undefined;

  const leftIn = (kind: string, namespace: string): Left => {
    const place = `${kind} ${namespace}`;
    const left = ofNamespaces.get(place) ?? { ...namespaceLimits };
    ofNamespaces.set(place, left);
    return left;
  };
  return {
    takes: ({ kind, namespace }, entries) => {
      const inNamespace = namespace === undefined ? undefined : leftIn(kind, namespace);
      if (inNamespace !== undefined && !take(inNamespace, entries)) {
        leftOut = limitText(namespaceLimits, `of a kind in the namespace "${namespace}"`);
        return false;
      }
      if (take(ofFleet, entries)) return true;
      leftOut = limitText(fleetLimits, "of a fleet");
      return false;
    },
    isSpent: () => ofFleet.objects === 0,
    leftOut: () => leftOut,
  };
}

function take(left: Left, entries: number): boolean {
  if (left.objects === 0 || left.entries < entries) return false;
  left.objects -= 1;
  left.entries -= entries;
  return true;
}

function limitText({ objects, entries }: RbacLimits, of: string): string {
  return `only ${objects} RBAC objects with ${entries} entries ${of} are looked at`;
}
