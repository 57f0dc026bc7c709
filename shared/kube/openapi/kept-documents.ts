/** Documents with all of Kubernetes' schemas have some megabytes each; v2 is the largest. */
const bytesMax = 32 * 1024 * 1024;

const kept = new Map<string, Uint8Array<ArrayBuffer>>();
let bytes = 0;

/**
 * A document by a name that says all that is in it: a hash. It is made when it is not there; those
 * that were asked for last are kept, for all APIs of the process.
 */
export function keptDocument(
  name: string,
  make: () => Uint8Array<ArrayBuffer>,
): Uint8Array<ArrayBuffer> {
  const document = kept.get(name) ?? make();
  if (!kept.delete(name)) bytes += document.byteLength;
  kept.set(name, document);
  for (const [oldest, { byteLength }] of kept) {
    if (bytes <= bytesMax || oldest === name) break;
    kept.delete(oldest);
    bytes -= byteLength;
  }
  return document;
}
