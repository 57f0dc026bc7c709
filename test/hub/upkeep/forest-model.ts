/**
 * What becomes of a forest, each object of which has at most one owner, when some of it is deleted:
 * Kubernetes' rules in a few lines, with nothing that reads, races or fails.
 *
 * @see https://kubernetes.io/docs/concepts/architecture/garbage-collection/
 */
import { hold } from "../../kube/upkeep/garbage-rules.ts";
import type { Policy } from "../../kube/upkeep/owner-graphs.ts";

export interface Planted {
  readonly name: string;
  readonly owner: string | undefined;
  readonly blocks: boolean;
  readonly isHeld: boolean;
}

interface Tree extends Planted {
  isDeleted: boolean;
  owner: string | undefined;
  readonly finalizers: Set<string>;
}

export interface Forest {
  readonly remove: (name: string, policy: Policy) => void;
  readonly free: (name: string) => void;
  readonly left: () => Readonly<Record<string, string>>;
}

const finalizerOf = { Foreground: "foregroundDeletion", Orphan: "orphan", Background: undefined };

export function forestModel(planted: readonly Planted[]): Forest {
  const trees = new Map<string, Tree>();
  for (const each of planted) {
    const finalizers = new Set(each.isHeld ? [hold] : []);
    trees.set(each.name, { ...each, isDeleted: false, finalizers });
  }
  const ownedBy = (name: string) => [...trees.values()].filter(({ owner }) => owner === name);

  function remove(tree: Tree, policy: Policy): void {
    if (tree.isDeleted) return;
    tree.isDeleted = true;
    const finalizer = finalizerOf[policy];
    if (finalizer !== undefined) tree.finalizers.add(finalizer);
  }

  /** Whether none is left that it waits for. */
  function removeDependents(owner: string): boolean {
    for (const child of ownedBy(owner)) {
      const waits = child.blocks && ownedBy(child.name).length > 0;
      remove(child, waits ? "Foreground" : "Background");
    }
    return !ownedBy(owner).some(({ blocks }) => blocks);
  }

  /** One step of one object that is deleted; false when there is none to make. */
  function step({ name, finalizers }: Tree): boolean {
    if (finalizers.delete("orphan")) {
      for (const child of ownedBy(name)) child.owner = undefined;
      return true;
    }
    if (finalizers.has("foregroundDeletion")) {
      return removeDependents(name) && finalizers.delete("foregroundDeletion");
    }
    if (finalizers.size > 0) return false;
    trees.delete(name);
    for (const child of ownedBy(name)) remove(child, "Background");
    return true;
  }

  function settle(): void {
    while ([...trees.values()].filter((tree) => tree.isDeleted && step(tree)).length > 0);
  }

  return {
    remove: (name, policy) => {
      remove(trees.get(name) as Tree, policy);
      settle();
    },
    free: (name) => {
      trees.get(name)?.finalizers.delete(hold);
      settle();
    },
    left: () =>
      Object.fromEntries(
        [...trees.values()].map(({ name, isDeleted, finalizers }) => [
          name,
          isDeleted ? [...finalizers].sort().join(" ") : "lives",
        ]),
      ),
  };
}
