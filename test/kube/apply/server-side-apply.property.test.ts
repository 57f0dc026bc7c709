import { expect, test } from "vitest";
import {
  difference,
  type FieldPath,
  formatPath,
  intersection,
  isEmptySet,
  pathsOf,
  toFieldsV1,
} from "../../../shared/kube/apply/field-set.ts";
import { compareObjects, fieldsOfObject } from "../../../shared/kube/apply/fields-of-value.ts";
import { inVersionOf } from "../../../shared/kube/apply/in-version.ts";
import { managersOf, withoutManagedFields } from "../../../shared/kube/apply/managed-fields.ts";
import { serverSideApply } from "../../../shared/kube/apply/server-side-apply.ts";
import { trackUpdate } from "../../../shared/kube/apply/track-update.ts";
import { arrayOf, at, canonicalJson, jsonEquals } from "../../../shared/kube/json.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { objectShape } from "../../../shared/kube/schema/object-shape.ts";
import type { KubeObject } from "../../../shared/kube/served-kind.ts";
import { StatusError } from "../../../shared/kube/status-error.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";
import { fc } from "../../chance.ts";
import { widget } from "../kube-fixture.ts";

const [version] = widget.versions;
if (version === undefined) throw new Error("the kind has a version");
const shape = objectShape(version);

const names = fc.constantFrom("a", "b", "c", "d");

const spec = fc.record(
  {
    size: fc.nat(3),
    color: fc.constantFrom("red", "blue"),
    tags: fc.uniqueArray(names, { minLength: 1, maxLength: 3 }),
    parts: fc.uniqueArray(
      fc.record({ name: names, weight: fc.nat(2) }, { requiredKeys: ["name"] }),
      { selector: ({ name }) => name, minLength: 1, maxLength: 4 },
    ),
    free: fc.dictionary(names, fc.nat(2), { minKeys: 1, maxKeys: 3 }),
  },
  { requiredKeys: [] },
);

const object = spec.map(
  (content): KubeObject => ({
    apiVersion: "example.com/v1",
    kind: "Widget",
    metadata: { name: "w" },
    spec: content as JsonObject,
  }),
);

type Write = {
  readonly by: string;
  readonly how: "apply" | "force" | "update";
  readonly object: KubeObject;
};

const writes = fc.array(
  fc.record({
    by: fc.constantFrom("alice", "bob", "carol"),
    how: fc.constantFrom("apply" as const, "force" as const, "update" as const),
    object,
  }),
  { minLength: 1, maxLength: 8 },
);

const context = {
  shape,
  inVersion: inVersionOf(kindsOf([widget]), widget),
  apiVersion: "example.com/v1",
  hasStatus: true,
} as const;

function write(live: KubeObject | undefined, { by, how, object: wanted }: Write, now: string) {
  if (how === "update") {
    return trackUpdate({ ...context, live, object: wanted, manager: by, now });
  }
  const force = how === "force";
  const what = { applied: wanted, sent: wanted };
  return serverSideApply({ ...context, ...what, live, manager: by, force, now });
}

/** Each write in turn; one that is refused changes nothing. */
function after(all: readonly Write[], each: (live: KubeObject | undefined, write: Write) => void) {
  let live: KubeObject | undefined;
  for (const [index, next] of all.entries()) {
    each(live, next);
    try {
      live = write(live, next, `2026-01-01T00:00:${String(index).padStart(2, "0")}Z`);
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      expect(error.code).toBe(409);
    }
  }
  return live;
}

test("A1: applying again changes nothing, not even a time", () => {
  fc.assert(
    fc.property(writes, object, (before, applied) => {
      const live = after(before, () => {});
      const forced = { by: "dave", how: "force", object: applied } as const;
      const once = write(live, forced, "2026-02-01T00:00:00Z");
      const twice = write(once, forced, "2026-03-01T00:00:00Z");
      expect(twice).toEqual(once);
    }),
  );
});

test("A2: what is applied is in the result as it was applied", () => {
  fc.assert(
    fc.property(writes, object, (before, applied) => {
      const live = after(before, () => {});
      const result = write(
        live,
        { by: "dave", how: "force", object: applied },
        "2026-02-01T00:00:00Z",
      );
      const { modified, added } = compareObjects(withoutManagedFields(result), applied, shape);
      expect([toFieldsV1(modified), toFieldsV1(added)]).toEqual([{}, {}]);
    }),
  );
});

test("A3: without force, no field of another manager changes", () => {
  fc.assert(
    fc.property(writes, object, (before, applied) => {
      const live = after(before, () => {});
      if (live === undefined) return;
      let result: KubeObject;
      try {
        result = write(live, { by: "dave", how: "apply", object: applied }, "2026-02-01T00:00:00Z");
      } catch {
        return;
      }
      const now = managersOf(result);
      for (const [key, manager] of managersOf(live)) {
        expect(toFieldsV1(now.get(key)?.fields ?? manager.fields)).toEqual(
          toFieldsV1(manager.fields),
        );
      }
      const { modified, removed } = compareObjects(
        withoutManagedFields(live),
        withoutManagedFields(result),
        shape,
      );
      expect([toFieldsV1(modified), toFieldsV1(removed)]).toEqual([{}, {}]);
    }),
  );
});

test("A4: only what no other manager owns goes when its manager leaves it out", () => {
  fc.assert(
    fc.property(writes, (all) => {
      after(all, (live, next) => {
        if (live === undefined || next.how === "update") return;
        let result: KubeObject;
        try {
          result = write(live, next, "2026-02-01T00:00:00Z");
        } catch {
          return;
        }
        const { removed } = compareObjects(
          withoutManagedFields(live),
          withoutManagedFields(result),
          shape,
        );
        for (const { manager, operation, fields } of managersOf(live).values()) {
          if (manager === next.by && operation === "Apply") continue;
          // An item that nobody else owns goes with what is in it, a list with its last item.
          const unowned = pathsOf(difference(removed, fields));
          const lost = pathsOf(intersection(fields, removed)).filter(
            (path) => !unowned.some((other) => isBelow(path, other) || isBelow(other, path)),
          );
          expect(lost).toEqual([]);
        }
      });
    }),
  );
});

const annotation = "kubectl.kubernetes.io/last-applied-configuration";

/** As a client applies it. */
function annotated(wanted: KubeObject): KubeObject {
  const annotations = { [annotation]: JSON.stringify(wanted) };
  return { ...wanted, metadata: { ...wanted.metadata, annotations } };
}

test("A5: kubectl takes over what it applied as a client, and only that is no conflict", () => {
  fc.assert(
    fc.property(object, writes, object, (made, others, applied) => {
      const client = "kubectl-client-side-apply";
      const first: Write = { by: client, how: "update", object: annotated(made) };
      const asKubectl: Write = { by: "kubectl", how: "apply", object: applied };
      const now = "2026-02-01T00:00:00Z";
      const clean = write(write(undefined, first, now), asKubectl, now);
      expect(at(clean, "metadata", "annotations", annotation)).toBe(`${canonicalJson(applied)}\n`);
      const appliers = others.filter(({ how }) => how !== "update");
      const live = after([first, ...appliers], () => {});
      if (live === undefined) return;
      const { modified } = compareObjects(made, live, shape);
      try {
        write(live, asKubectl, now);
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        const causes = arrayOf((error.details?.["causes"] ?? []) as Json);
        expect(causes.length).toBeGreaterThan(0);
        const was = fieldsOfObject(made, shape);
        const mine = pathsOf(difference(was, modified)).map(formatPath);
        expect(causes.filter((cause) => mine.includes(String(at(cause, "field"))))).toEqual([]);
      }
    }),
  );
});

test("every field that is set has an owner, and owners own only what is set", () => {
  fc.assert(
    fc.property(writes, (all) => {
      const live = after(all, () => {});
      if (live === undefined) return;
      const set = fieldsOfObject({ spec: live["spec"] } as JsonObject, shape);
      for (const { fields } of managersOf(live).values()) {
        const beyond = difference(fields, set);
        const isParentAlone = jsonEquals(toFieldsV1(beyond), {});
        expect(isParentAlone || onlyParents(toFieldsV1(beyond))).toBe(true);
      }
      const leaves = [...managersOf(live).values()];
      expect(leaves.some(({ fields }) => !isEmptySet(fields)) || isEmptySet(set)).toBe(true);
    }),
  );
});

function isBelow(path: FieldPath, above: FieldPath): boolean {
  return above.every((element, index) => path[index] === element);
}

/** Updates own maps and lists as such too, which an apply never does. */
function onlyParents(fields: JsonObject): boolean {
  const known = [".", "f:spec", "f:tags", "f:parts", "f:free"];
  return Object.entries(fields).every(
    ([name, below]) => known.includes(name) && onlyParents(below as JsonObject),
  );
}
