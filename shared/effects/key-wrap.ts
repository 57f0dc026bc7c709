/** A data key that only the keeper of the wrapping key can open. Safe to store. */
export interface WrappedKey {
  /** The version of the wrapping key: "https://v.vault.azure.net/keys/hubless/3f2a…". */
  readonly by: string;
  /** Base64. */
  readonly bytes: string;
}

/**
 * Who keeps the key that data keys are wrapped under. `test/effects/key-wrap.contract.ts` says what
 * each implementation must do.
 *
 * Both throw `FleetError` "Unavailable" with `retryAfterSeconds` when the keeper is busy, away or
 * does not let us in: what is wrapped is then closed, not lost.
 */
export interface KeyWrap {
  /** Under the newest version of the wrapping key. Not the same bytes for the same key. */
  wrap(key: Uint8Array): Promise<WrappedKey>;
  /** Also what an older version wrapped. Throws an `Error` for what nobody wrapped like this. */
  unwrap(wrapped: WrappedKey): Promise<Uint8Array>;
}
