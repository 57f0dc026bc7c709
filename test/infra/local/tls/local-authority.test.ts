import { X509Certificate } from "node:crypto";
import { mkdtemp, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { startHttpsServer } from "../../../../infra/local/tls/https-server.ts";
import { localAuthority } from "../../../../infra/local/tls/local-authority.ts";

const dayMilliseconds = 86_400_000;

async function folder(): Promise<string> {
  return join(await mkdtemp(join(tmpdir(), "hubless-tls-")), "tls");
}

function inDays(days: number): Date {
  return new Date(Date.now() + days * dayMilliseconds);
}

test("the local authority makes what Go and Node ask of a server certificate", async () => {
  const files = await localAuthority(await folder());
  const ca = new X509Certificate(await readFile(files.caFile));
  const cert = new X509Certificate(await readFile(files.certFile));
  expect(ca.ca).toBe(true);
  expect(cert.ca).toBe(false);
  expect(cert.checkIssued(ca)).toBe(true);
  expect(cert.verify(ca.publicKey)).toBe(true);
  expect(cert.subjectAltName).toBe(
    "DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1",
  );
  expect(cert.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
});

test("the local authority keeps its key from other users and the CA's off the disk", async () => {
  const at = await folder();
  const files = await localAuthority(at);
  expect((await stat(files.keyFile)).mode & 0o777).toBe(0o600);
  expect((await stat(at)).mode & 0o777).toBe(0o700);
  expect((await readdir(at)).sort()).toEqual(["ca.pem", "server-key.pem", "server.pem"]);
});

test.each([
  ["is used again while it is valid for more than 30 days", 366, true],
  ["is made anew within 30 days of its end", 368, false],
])("the local authority %s", async (_name, days, same) => {
  const at = await folder();
  const before = await readFile((await localAuthority(at)).certFile, "utf8");
  const after = await readFile((await localAuthority(at, inDays(days))).certFile, "utf8");
  expect(after === before).toBe(same);
});

test("the local authority is made anew when a file is torn", async () => {
  const at = await folder();
  const files = await localAuthority(at);
  await writeFile(files.certFile, "-----BEGIN CERTIFICATE-----\n");
  await localAuthority(at);
  expect(new X509Certificate(await readFile(files.certFile)).subject).toBe("CN=localhost");
});

test("the local authority is one for all who ask at once, and alone", async () => {
  const at = await folder();
  await Promise.all(Array.from({ length: 8 }, () => localAuthority(at)));
  const { caFile, certFile } = await localAuthority(at);
  const ca = new X509Certificate(await readFile(caFile));
  expect(new X509Certificate(await readFile(certFile)).verify(ca.publicKey)).toBe(true);
  expect(await readdir(join(at, ".."))).toEqual(["tls"]);
});

test("an HTTPS server is trusted by its CA alone and refuses a body over its limit", async () => {
  const tls = await localAuthority(await folder());
  const stranger = await localAuthority(await folder());
  const server = await startHttpsServer({
    tls,
    bodyBytesMax: 10,
    serve: async ({ body }) => ({ status: 200, body: JSON.stringify(body.length) }),
  });
  const { port } = new URL(server.url);
  const post = async (caFile: string, host: string, body: string): Promise<number | string> => {
    const ca = await readFile(caFile);
    return await new Promise((resolve) => {
      const sent = request({ ca, host, port, method: "POST" }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      });
      sent.on("error", (error: NodeJS.ErrnoException) => resolve(error.code ?? "?"));
      sent.end(body);
    });
  };
  expect(await post(tls.caFile, "127.0.0.1", "0123456789")).toBe(200);
  expect(await post(tls.caFile, "localhost", "0123456789")).toBe(200);
  expect(await post(tls.caFile, "127.0.0.1", "0123456789+")).toBe(413);
  expect(await post(stranger.caFile, "127.0.0.1", "")).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
  await server.close();
});
