/** Seals and opens documents: which parts are secret, and with which key. */
import type { Document, Key, Kind } from "../../lib/document.ts";
import { frozen } from "../fleet-log/frozen.ts";
import type { DataKeys } from "./data-keys.ts";
import { openedBody, sealedBody, sealedWith } from "./sealed-body.ts";
import { type SecretParts, secretKinds, secretParts } from "./secret-parts.ts";

export interface Seals {
  /** Whether documents of the kind may have secret parts; others need neither call. */
  readonly concern: (kind: Kind) => boolean;
  /** Takes a body as JSON keeps it. Throws "Unavailable" when the keeper of the key is away. */
  readonly seal: <Body>(key: Key<Body>, body: Body) => Promise<Body>;
  /**
   * Also takes a plain body, which nobody sealed. Throws "Unavailable" when the keeper of
   * the key is away, and an `Error` that names the document for one that somebody changed.
   */
  readonly open: <Body>(document: Document<Body>) => Promise<Body>;
}

/** What is secret can be told otherwise, for tests. */
export interface SecretRule {
  readonly kinds: ReadonlySet<Kind>;
  readonly parts: SecretParts;
}

const usualRule: SecretRule = { kinds: secretKinds, parts: secretParts };

export function seals(keys: DataKeys, { kinds, parts }: SecretRule = usualRule): Seals {
  return {
    concern: (kind) => kinds.has(kind),

    async seal(key, body) {
      const paths = parts(key.kind, body);
      if (paths.length === 0) return body;
      return sealedBody({ key, body }, paths, await keys.newest(key.fleet));
    },

    async open(document) {
      const { key, body } = document;
      const name = sealedWith(document);
      if (name === undefined) return body;
      return frozen(openedBody(document, await keys.named(key.fleet, name)));
    },
  };
}
