import { promisify } from "node:util";
import { constants, gzip } from "node:zlib";
import { parseMediaType } from "../http/media-type.ts";
import { booleanOf } from "../http/query-options.ts";

/** A kube-apiserver's `defaultGzipThresholdBytes`: less is sent sooner than it is packed. */
const compressedBytesMin = 128 * 1024;

const packed = promisify(gzip);

/**
 * The answer, packed when it is large and the client takes gzip. A watch is never packed, since
 * its lines must not wait for each other, and nothing is that is not wholly there.
 *
 * @see https://github.com/kubernetes/enhancements/issues/156 (API response compression)
 */
export async function compressed(request: Request, response: Response): Promise<Response> {
  if (!takesGzip(request.headers.get("accept-encoding")) || !mayPack(request, response)) {
    return response;
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  if (bytes.byteLength < compressedBytesMin) return remade(response, bytes, headers);
  headers.set("content-encoding", "gzip");
  headers.append("vary", "accept-encoding");
  headers.delete("content-length");
  return remade(response, await packed(bytes, { level: constants.Z_BEST_SPEED }), headers);
}

const remade = ({ status }: Response, bytes: Uint8Array<ArrayBuffer>, headers: Headers): Response =>
  new Response(bytes, { status, headers });

function mayPack({ method, url }: Request, { body, status, headers }: Response): boolean {
  if (body === null || status !== 200 || headers.has("content-encoding")) return false;
  const { pathname, searchParams } = new URL(url);
  const isWatch = booleanOf(searchParams, "watch") === true;
  return method === "GET" && !isWatch && !pathname.includes("/watch/");
}

/** "gzip, deflate", "*;q=0.5"; not "gzip;q=0". */
function takesGzip(accepted: string | null): boolean {
  const codings = (accepted ?? "").split(",").map((each) => parseMediaType(each));
  const found =
    codings.find(({ type }) => type === "gzip") ?? codings.find(({ type }) => type === "*");
  return found !== undefined && Number(found.parameters["q"] ?? 1) > 0;
}
