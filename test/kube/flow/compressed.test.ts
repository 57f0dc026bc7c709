import { gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { assertNotEncoded } from "../../../shared/kube/flow/assert-not-encoded.ts";
import { compressed } from "../../../shared/kube/flow/compressed.ts";

const url = "https://hub/api/v1/configmaps";
const large = JSON.stringify({ kind: "List", items: "x".repeat(128 * 1024) });
const headers = { "content-type": "application/json", vary: "accept" };

const asking = (accept: string | null, at = url, method = "GET") =>
  new Request(at, { method, headers: accept === null ? {} : { "accept-encoding": accept } });
const answer = (text = large, status = 200) => new Response(text, { status, headers });

test.each(["gzip", "gzip, deflate, br", "deflate;q=0.5, GZIP;q=0.1", "*"])(
  "a large answer is packed for a client that takes %s",
  async (accept) => {
    const response = await compressed(asking(accept), answer());
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(response.headers.get("vary")).toBe("accept, accept-encoding");
    expect(response.headers.get("content-type")).toBe("application/json");
    const bytes = Buffer.from(await response.arrayBuffer());
    expect(bytes.byteLength).toBeLessThan(large.length / 10);
    expect(gunzipSync(bytes).toString()).toBe(large);
  },
);

test.each<[string, Request, Response]>([
  ["to a client that does not say so", asking(null), answer()],
  ["to a client that refuses gzip", asking("gzip;q=0, br"), answer()],
  ["that is small", asking("gzip"), answer("x".repeat(128 * 1024 - 1))],
  ["of a watch", asking("gzip", `${url}?watch=true`), answer()],
  ["of a watch as Python asks", asking("gzip", `${url}?watch=True`), answer()],
  ["of a watch of the old form", asking("gzip", "https://hub/api/v1/watch/pods"), answer()],
  ["to a write", asking("gzip", url, "POST"), answer()],
  ["that refuses", asking("gzip"), answer(large, 403)],
])("an answer %s is sent as it is", async (_case, request, response) => {
  const sent = await compressed(request, response);
  expect(sent.headers.get("content-encoding")).toBeNull();
  expect(sent.status).toBe(response.status);
  expect((await sent.text()).length).toBeGreaterThan(100_000);
});

test.each(["gzip", "deflate", "br", "gzip, identity", "GZIP"])(
  "a body that is packed with %s is refused",
  (encoding) => {
    const request = new Request(url, { headers: { "content-encoding": encoding } });
    expect(() => assertNotEncoded(request)).toThrow(/content encoding .* is not accepted/);
  },
);

test.each([{}, { "content-encoding": "identity" }, { "content-encoding": "" }])(
  "a body that is not packed is taken: %o",
  (given) => {
    expect(() => assertNotEncoded(new Request(url, { headers: given }))).not.toThrow();
  },
);
