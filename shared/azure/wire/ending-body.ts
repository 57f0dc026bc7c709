import type { ReadableStream as NodeReadableStream } from "node:stream/web";

/** A body that ends where it breaks; the Functions library never ends one that throws. */
export function endingBody(
  body: ReadableStream<Uint8Array>,
  onBreak: (error: unknown) => void,
): NodeReadableStream<Uint8Array> {
  const reader = body.getReader();
  const ending = new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          const chunk = await reader.read();
          if (chunk.done) controller.close();
          else controller.enqueue(chunk.value);
        } catch (error) {
          onBreak(error);
          controller.close();
        }
      },
      cancel: async (reason) => await reader.cancel(reason),
    },
    { highWaterMark: 0 },
  );
  return ending as unknown as NodeReadableStream<Uint8Array>;
}
