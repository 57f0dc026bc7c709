import type { HttpRequest } from "@azure/functions";
import type { BodyShare } from "./body-budget.ts";

/** Requests over this are refused by their faces; here it only bounds what is kept in memory. */
const bodyBytesMax = 4_000_000;

/** A whole body; "late" when it did not come in time, "no-room" beside the bodies of others. */
export type BodyRead = Uint8Array | "late" | "no-room";

/**
 * What is refused is left where it is, and let go as it comes: to cancel it would cut the
 * connection before the answer.
 */
export async function readBody(
  { body }: Pick<HttpRequest, "body">,
  { share, secondsMax }: { readonly share: BodyShare; readonly secondsMax: number },
): Promise<BodyRead> {
  const { promise: refused, resolve: refuse } = Promise.withResolvers<"late" | "no-room">();
  const kept = chunksIn(share);
  const giveUp = (because: "late" | "no-room"): void => {
    kept.letGo();
    refuse(because);
  };
  const timer = setTimeout(() => giveUp("late"), secondsMax * 1_000);
  const whole = collect(body, kept, () => giveUp("no-room"));
  try {
    return await Promise.race([whole, refused]);
  } finally {
    clearTimeout(timer);
    whole.catch(() => undefined);
  }
}

interface Chunks {
  /** Whether there is room for it. */
  readonly keep: (chunk: Uint8Array) => boolean;
  readonly letGo: () => void;
  readonly all: () => Uint8Array;
}

function chunksIn(share: BodyShare): Chunks {
  let chunks: Uint8Array[] = [];
  return {
    keep: (chunk) => {
      const fits = share.take(chunk.byteLength);
      if (fits) chunks.push(chunk);
      return fits;
    },
    letGo: () => {
      chunks = [];
      share.close();
    },
    all: () => Buffer.concat(chunks),
  };
}

/**
 * What is over the limit is read and let go: one chunk more is enough for a face to see that a body
 * is too large, and a client reads the answer when it has sent all. The host limits how much.
 */
async function collect(
  body: HttpRequest["body"],
  kept: Chunks,
  onNoRoom: () => void,
): Promise<Uint8Array> {
  let bytes = 0;
  for await (const chunk of body ?? []) {
    const some = chunk as Uint8Array;
    if (bytes <= bodyBytesMax && !kept.keep(some)) onNoRoom();
    bytes += some.byteLength;
  }
  return kept.all();
}
