import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { redactedError } from "../../shared/azure/redacted.ts";
import { textLog } from "../../shared/azure/text-log.ts";
import { FleetError } from "../../shared/lib/fleet-error.ts";

const jwt = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmF0dXJl-_x";
const password = "hunter2-hunter2";

let written: string[] = [];
beforeEach(() => {
  written = [];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    written.push(String(text));
    return true;
  });
});
afterEach(() => vi.restoreAllMocks());

const lineOf = (details: Readonly<Record<string, unknown>>): string => {
  textLog.error("Cannot answer", details);
  return written.join("");
};

test.each<[string, Readonly<Record<string, unknown>>]>([
  ["an Authorization header", { headers: { Authorization: `Bearer ${jwt}` } }],
  ["a header in a text", { text: `GET / authorization: Bearer ${jwt} done` }],
  ["a token without its scheme", { text: `"${jwt}"` }],
  ["an opaque bearer token", { text: `Authorization=Bearer ${password}` }],
  ["a token by its name", { accessToken: password, refresh_token: password }],
  ["a connection string", { text: `AccountEndpoint=https://x;AccountKey=${password};` }],
  ["a shared access signature", { url: `https://x/?sv=1&sig=${password}&se=2` }],
  ["a form of client credentials", { text: `client_id=a&client_secret=${password}&b=c` }],
  ["a Secret", { secret: { metadata: { name: "db" }, data: { password } } }],
  ["a manifest", { manifest: { kind: "Secret", stringData: { a: password } } }],
  ["a Secret's values", { kind: "Secret", data: { a: password }, stringData: { a: password } }],
  ["a document's body", { document: { key: { name: "db" }, body: { data: { a: password } } } }],
  ["a kubeconfig", { kubeconfig: `token: ${password}` }],
  ["an error's message", { error: new Error(`401 for Bearer ${jwt}`) }],
  ["an error's cause", { error: new Error("no", { cause: new Error(`Bearer ${jwt}`) }) }],
  ["a private key", { text: `-----BEGIN RSA PRIVATE KEY-----\n${password}\n-----END` }],
])("a log never shows %s", (_case, details) => {
  const line = lineOf(details);
  expect(line).toContain("Cannot answer");
  expect(line).not.toContain(password);
  expect(line).not.toContain(jwt);
  expect(line).not.toContain(jwt.split(".")[2]);
});

test("a log shows keys, counts, paths, and where an error came from", () => {
  const error = new FleetError("Unavailable", "Cannot unwrap a data key", {
    cause: new Error("socket hang up"),
  });
  const key = "/subscriptions/s|secrets:app:db";
  const line = lineOf({ key, count: 3, path: "/api/v1/namespaces/app/secrets/db", error });
  expect(JSON.parse(line)).toMatchObject({
    level: "error",
    key,
    count: 3,
    path: "/api/v1/namespaces/app/secrets/db",
    error: { error: expect.stringContaining("text-log.test.ts") as unknown },
  });
  expect(line).toContain("socket hang up");
  expect(line.trim().split("\n")).toHaveLength(1);
});

test("an error is told with its causes, and without their credentials", () => {
  const text = redactedError(new Error("one", { cause: new Error(`two: Bearer ${jwt}`) }));
  expect(text).toContain("one");
  expect(text).toContain("two: Bearer [redacted]");
  expect(redactedError("just a text")).toBe("just a text");
});
