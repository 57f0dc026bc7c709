/** What must happen for a body that goes on to be over. */
export interface HeldBodyOptions {
  /** Called once: the body is over, or its client is gone. */
  readonly onEnd: () => void;
  /** A client that takes nothing for so long is gone. */
  readonly stallSecondsMax: number;
  /** It is cut then, whatever it says. */
  readonly lifeSecondsMax: number;
}

/**
 * A body that ends: when it is over, breaks, is cancelled, is not taken, or lives too long. The
 * Functions library neither tells that a client is gone nor ends an answer whose body throws, so
 * what breaks ends like what is over; a client of a watch lists or watches again.
 */
export function heldBody(
  body: ReadableStream<Uint8Array>,
  options: HeldBodyOptions,
): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let stall: NodeJS.Timeout | undefined;
  let isOver = false;

  const end = async (controller: ReadableStreamDefaultController | undefined) => {
    if (isOver) return;
    isOver = true;
    clearTimeout(stall);
    clearTimeout(life);
    options.onEnd();
    controller?.close();
    await reader.cancel().catch(() => undefined);
  };
  let life: NodeJS.Timeout | undefined;

  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        life = setTimeout(() => void end(controller), options.lifeSecondsMax * 1_000);
      },
      pull: async (controller) => {
        clearTimeout(stall);
        const chunk = await reader.read().catch(() => ({ done: true, value: undefined }) as const);
        if (isOver) return;
        if (chunk.done) return await end(controller);
        stall = setTimeout(() => void end(controller), options.stallSecondsMax * 1_000);
        controller.enqueue(chunk.value);
      },
      cancel: async () => await end(undefined),
    },
    { highWaterMark: 0 },
  );
}
