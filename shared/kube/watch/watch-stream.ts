/**
 * A client that has not read what waits for it for so long is gone: lines that keep the connection
 * alive come more often, and the Functions library does not tell who went away.
 */
const unreadMillisecondsMax = 60_000;

export interface WatchStreamOptions {
  readonly signal: AbortSignal;
  /** Called once, when the client went away: no more lines are taken. */
  readonly close: () => void;
}

/** The lines as the body of a response. However the stream ends, the generator is ended too. */
export function watchStream(
  lines: AsyncGenerator<string, undefined>,
  { signal, close }: WatchStreamOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let unread: NodeJS.Timeout | undefined;
  signal.addEventListener("abort", close, { once: true });
  const end = async (): Promise<void> => {
    clearTimeout(unread);
    close();
    await lines.return(undefined);
  };
  const giveUp = (controller: ReadableStreamDefaultController<Uint8Array>): void => {
    controller.error(new Error("Cannot go on with a watch: its client must read"));
    // Nobody is left who could be told of an error.
    end().catch(() => {});
  };
  const source = {
    // The Functions library sends headers with the first bytes, and clients wait for headers.
    start: (controller: ReadableStreamDefaultController<Uint8Array>) => {
      controller.enqueue(encoder.encode("\n"));
    },
    pull: async (controller: ReadableStreamDefaultController<Uint8Array>) => {
      clearTimeout(unread);
      const { value, done } = await lines.next();
      if (done === true) {
        controller.close();
        return;
      }
      controller.enqueue(encoder.encode(value));
      unread = setTimeout(() => giveUp(controller), unreadMillisecondsMax);
      unread.unref();
    },
    cancel: end,
  };
  // One for that newline, so that the first events are looked up at once.
  return new ReadableStream<Uint8Array>(source, { highWaterMark: 2 });
}
