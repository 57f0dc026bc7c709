import { randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { openedText, sealedText, sealingKeys } from "../../../shared/azure/seal/sealed-text.ts";
import { fc } from "../../chance.ts";

const keys = sealingKeys(new Uint8Array(32).fill(1));
const text = fc.oneof(fc.string({ unit: "binary" }), fc.base64String({ maxLength: 2_000 }));

test("what is sealed opens to the same text, and looks the same each time", () => {
  fc.assert(
    fc.property(text, fc.string(), (plain, bound) => {
      const sealed = sealedText(plain, bound, keys);
      expect(openedText(sealed, bound, keys)).toBe(plain.toWellFormed());
      expect(sealedText(plain, bound, keys)).toBe(sealed);
      if (plain.length > 8) expect(sealed).not.toContain(plain);
    }),
  );
});

test("no other text, place or key makes the same nonce, so none is used twice", () => {
  const nonceOf = (sealed: string) => sealed.slice(0, 16);
  fc.assert(
    fc.property(text, text, fc.string(), fc.string(), (one, other, here, there) => {
      const first = sealedText(one, here, keys);
      if (one.toWellFormed() !== other.toWellFormed()) {
        expect(nonceOf(sealedText(other, here, keys))).not.toBe(nonceOf(first));
      }
      if (here !== there) expect(nonceOf(sealedText(one, there, keys))).not.toBe(nonceOf(first));
      const otherKeys = sealingKeys(new Uint8Array(32).fill(2));
      expect(nonceOf(sealedText(one, here, otherKeys))).not.toBe(nonceOf(first));
    }),
  );
});

test("a single changed bit, a cut or an addition is refused", () => {
  fc.assert(
    fc.property(text, fc.string(), fc.nat(), fc.nat(7), (plain, bound, at, bit) => {
      const sealed = Buffer.from(sealedText(plain, bound, keys), "base64url");
      const changed = Buffer.from(sealed);
      const place = at % changed.byteLength;
      changed[place] = (changed[place] ?? 0) ^ (1 << bit);
      expect(openedText(changed.toString("base64url"), bound, keys)).toBeUndefined();
      const cut = sealed.subarray(0, place).toString("base64url");
      expect(openedText(cut, bound, keys)).toBeUndefined();
      const longer = Buffer.concat([sealed, Buffer.from([at % 256])]).toString("base64url");
      expect(openedText(longer, bound, keys)).toBeUndefined();
    }),
  );
});

test("each spelling of the base64 but ours is refused", () => {
  const sealed = sealedText("secret", "here", keys);
  expect(openedText(`${sealed}=`, "here", keys)).toBeUndefined();
  expect(openedText(`${sealed.slice(0, 8)}\n${sealed.slice(8)}`, "here", keys)).toBeUndefined();
});

test("it opens only where it was sealed, and with its own keys", () => {
  fc.assert(
    fc.property(text, fc.string(), fc.string(), (plain, here, there) => {
      fc.pre(Buffer.compare(Buffer.from(here), Buffer.from(there)) !== 0);
      const sealed = sealedText(plain, here, keys);
      expect(openedText(sealed, there, keys)).toBeUndefined();
      expect(openedText(sealed, here, sealingKeys(randomBytes(32)))).toBeUndefined();
    }),
  );
});

test("a large text is packed, however random, so that it fits where it fitted unsealed", () => {
  const base64 = randomBytes(1_048_576).toString("base64");
  const sealed = sealedText(base64, "here", keys);
  expect(sealed.length).toBeLessThan(base64.length * 1.02);
  expect(openedText(sealed, "here", keys)).toBe(base64);
});
