/** The API server does not answer, or does not let us in: nothing can be said of its objects. */
export class UnreachableError extends Error {
  override readonly name = "UnreachableError";
  /** The way to the server may have changed: its kubeconfig should be asked for again. */
  readonly isAccessOld: boolean;

  constructor(reason: string, isAccessOld: boolean, cause?: unknown) {
    super(reason, { cause });
    this.isAccessOld = isAccessOld;
  }
}
