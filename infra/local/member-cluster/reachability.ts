/**
 * How a cluster answers that cannot be reached: "hang" answers nothing, "refuse" closes
 * connections, "error" answers 500 to everything.
 */
export type Reachability = "up" | "hang" | "refuse" | "error";

/** What a hanging cluster keeps a client waiting for, at most. */
const hangMilliseconds = 120_000;

/** Undefined for a cluster that is up. */
export async function answerOfUnreachable(
  reachability: Reachability,
  signal: AbortSignal,
): Promise<Response | "hang-up" | undefined> {
  switch (reachability) {
    case "up":
      return undefined;
    case "refuse":
      return "hang-up";
    case "error":
      return new Response("etcdserver: request timed out", { status: 500 });
    case "hang":
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, hangMilliseconds);
        signal.addEventListener("abort", () => {
          clearTimeout(timer);
          resolve();
        });
      });
      return "hang-up";
  }
}
