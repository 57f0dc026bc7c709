/**
 * What must hold of objects that own each other once nobody who collects garbage has more to do,
 * whatever was deleted, and however:
 *
 * G1. What waits for its dependents waits for somebody who is held, down blocking references.
 * G2. Nothing lives of which an owner is gone or waits for its dependents.
 */
import { expect } from "vitest";
import { arrayOf, at, objectOf, textOf } from "../../../shared/kube/json.ts";
import type { Json, JsonObject } from "../../../shared/lib/kube-object.ts";

/** The finalizer of somebody who takes time. */
export const hold = "x.com/hold";

export function nameOf(object: JsonObject): string {
  return textOf(at(object, "metadata", "name")) ?? "";
}

export function isDeleted(object: JsonObject): boolean {
  return at(object, "metadata", "deletionTimestamp") !== undefined;
}

export function finalizersOf(object: JsonObject): readonly Json[] {
  return arrayOf(at(object, "metadata", "finalizers"));
}

export function isHeld(object: JsonObject): boolean {
  return finalizersOf(object).includes(hold);
}

export function checkGarbageRules(objects: readonly JsonObject[]): void {
  for (const object of objects.filter(isDeleted)) {
    const waitsForSomebody = isHeld(object) || (waits(object) && isAboveHeld(object, objects));
    expect(waitsForSomebody, `G1: "${nameOf(object)}" waits for somebody`).toBe(true);
  }
  const solid = new Set(objects.filter((object) => !waits(object)).map(uidOf));
  for (const object of objects.filter((each) => !isDeleted(each))) {
    const lost = referencesOf(object).filter(({ uid }) => !solid.has(String(uid)));
    expect(lost, `G2: what "${nameOf(object)}" refers to and has lost`).toEqual([]);
  }
}

const waits = (object: JsonObject): boolean =>
  isDeleted(object) && finalizersOf(object).includes("foregroundDeletion");

const uidOf = (object: JsonObject): string => textOf(at(object, "metadata", "uid")) ?? "";

const referencesOf = (object: JsonObject): readonly JsonObject[] =>
  arrayOf(at(object, "metadata", "ownerReferences")).map(objectOf);

const blocks = (object: JsonObject, owner: JsonObject): boolean =>
  referencesOf(object).some(
    (reference) => reference["uid"] === uidOf(owner) && reference["blockOwnerDeletion"] === true,
  );

function isAboveHeld(from: JsonObject, objects: readonly JsonObject[]): boolean {
  const below = new Set([from]);
  for (const owner of below) {
    if (owner !== from && isHeld(owner)) return true;
    for (const object of objects) {
      if (isDeleted(object) && blocks(object, owner)) below.add(object);
    }
  }
  return false;
}
