/** What every keeper of a wrapping key must do. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KeyWrap } from "../../shared/effects/key-wrap.ts";

export interface KeyWrapSubject {
  /** Asks the same keeper from another process at each call. */
  readonly wrap: () => KeyWrap;
  /** Makes a new version of the wrapping key. */
  readonly rotate: () => Promise<void>;
  /** The keeper does not answer, until `back`. */
  readonly away: () => Promise<void>;
  readonly back: () => Promise<void>;
  readonly close?: () => Promise<void>;
}

export function keyWrapContract(name: string, open: () => Promise<KeyWrapSubject>): void {
  describe(name, () => {
    let subject: KeyWrapSubject;
    beforeAll(async () => {
      subject = await open();
    });
    afterAll(async () => await subject.close?.());
    const dataKey = new Uint8Array(randomBytes(32));

    test("gives back in any process what it wrapped, and shows nothing of it", async () => {
      const wrapped = await subject.wrap().wrap(dataKey);
      const unwrapped = await subject.wrap().unwrap(structuredClone(wrapped));
      expect(Buffer.from(unwrapped)).toEqual(Buffer.from(dataKey));
      const shown = Buffer.from(wrapped.bytes, "base64");
      expect(shown.includes(Buffer.from(dataKey).subarray(0, 8))).toBe(false);
    });

    test("wraps with the newest version, and unwraps what older ones wrapped", async () => {
      const process = subject.wrap();
      const before = await process.wrap(dataKey);
      await subject.rotate();
      const after = await process.wrap(dataKey);
      expect(after.by).not.toBe(before.by);
      for (const wrapped of [before, after]) {
        const unwrapped = await subject.wrap().unwrap(wrapped);
        expect(Buffer.from(unwrapped)).toEqual(Buffer.from(dataKey));
      }
    });

    test("does not unwrap what is not as it was wrapped", async () => {
      const { by, bytes } = await subject.wrap().wrap(dataKey);
      const changed = Buffer.from(bytes, "base64");
      changed[20] = (changed[20] ?? 0) ^ 1;
      const wrong = { by, bytes: changed.toString("base64") };
      const refusal = await subject
        .wrap()
        .unwrap(wrong)
        .catch((error: unknown) => error);
      expect(refusal).toBeInstanceOf(Error);
      expect(refusal).not.toHaveProperty("code", "Unavailable");
    });

    test("says when to ask again while its keeper is away", async () => {
      const wrapped = await subject.wrap().wrap(dataKey);
      await subject.away();
      const seconds: unknown = expect.any(Number);
      const refusal = { code: "Unavailable", retryAfterSeconds: seconds };
      await expect(subject.wrap().unwrap(wrapped)).rejects.toMatchObject(refusal);
      await expect(subject.wrap().wrap(dataKey)).rejects.toMatchObject(refusal);
      await subject.back();
      expect(Buffer.from(await subject.wrap().unwrap(wrapped))).toEqual(Buffer.from(dataKey));
    }, 60_000);
  });
}
