/** Something that people or their tools want to hear of, as a CloudEvent on the fleet's topic. */
export interface Notice {
  /** "Hubless.Fleet.WakePoisoned", "Hubless.Fleet.MemberJoined" */
  readonly type: string;
  /** The ARM id of the fleet. */
  readonly source: string;
  /** What it is about, below the source: "/members/aks-1". */
  readonly subject: string;
  /** Equal for a notice that is told again, so that a receiver can drop it. */
  readonly id: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface Notices {
  tell(notices: readonly Notice[]): Promise<void>;
}
