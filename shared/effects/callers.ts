/** Who asks, as a verified token says. */
export interface Caller {
  /** Entra's `oid`: what RBAC subjects and a member's identity name. */
  readonly objectId: string;
  /** A name to show: a user's principal name, an application's id. */
  readonly name: string;
  readonly groups: readonly string[];
  /** App roles of the product's app registration. */
  readonly roles: readonly string[];
  readonly kind: "user" | "application";
  /** The token says that the caller is in more groups than it can name: `groups` has none. */
  readonly groupsOmitted?: true;
}

/** Verifies who asks. Nothing of a token is trusted before its signature is checked. */
export interface Callers {
  /**
   * `authorization` is the header's value, "Bearer eyJ…". Throws `FleetError` "Unauthenticated"
   * for a missing, malformed, expired or foreign token, "Unavailable" when the issuer's keys
   * cannot be read.
   */
  identify(authorization: string | null | undefined): Promise<Caller>;
}
