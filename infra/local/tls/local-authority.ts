import { createPrivateKey, randomUUID, X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { generate } from "selfsigned";

const validDays = 397;
const renewDaysBefore = 30;
const dayMilliseconds = 86_400_000;
/** A laptop's clock may be a little behind the one that made the certificate. */
const clockSkewMilliseconds = 3_600_000;
const attemptsMax = 10;

/** Where the files are, all PEM: whom to trust, what a server shows, and its private key. */
export interface LocalAuthority {
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}

/**
 * The certificates of the laptop: a CA and one server certificate for localhost, 127.0.0.1 and ::1
 * that it signed. What is in the folder is used again until 30 days before it expires; then both
 * are made anew under the same paths, so clients have to read `caFile` again.
 *
 * The private key of the CA is never written down: nobody can sign another certificate with it.
 *
 *     const tls = await localAuthority(".local/tls");
 *     spawn(process.execPath, ["app.ts"], { env: { NODE_EXTRA_CA_CERTS: tls.caFile } });
 *
 * Safe to call from several processes at once: a folder appears complete, by one rename, or not.
 */
export async function localAuthority(folder: string, now = new Date()): Promise<LocalAuthority> {
  const files = filesIn(folder);
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    if (await isUsable(files, now)) return files;
    await replaceFolder(folder, now);
  }
  throw new Error(`Cannot make certificates in "${folder}": it must be writable`);
}

function filesIn(folder: string): LocalAuthority {
  return {
    caFile: join(folder, "ca.pem"),
    certFile: join(folder, "server.pem"),
    keyFile: join(folder, "server-key.pem"),
  };
}

async function isUsable(files: LocalAuthority, now: Date): Promise<boolean> {
  try {
    const ca = new X509Certificate(await readFile(files.caFile));
    const cert = new X509Certificate(await readFile(files.certFile));
    const key = createPrivateKey(await readFile(files.keyFile));
    const neededUntil = new Date(now.getTime() + renewDaysBefore * dayMilliseconds);
    return (
      cert.validToDate > neededUntil &&
      ca.validToDate > neededUntil &&
      cert.validFromDate <= now &&
      cert.verify(ca.publicKey) &&
      cert.checkPrivateKey(key)
    );
  } catch {
    // Missing, torn or not a certificate: make them anew.
    return false;
  }
}

/** The loser of a race finds the winner's complete folder in its way and leaves it there. */
async function replaceFolder(folder: string, now: Date): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  const fresh = `${folder}.${randomUUID()}`;
  const stale = `${folder}.${randomUUID()}`;
  const isThere = existsSync(folder);
  try {
    await writeAuthority(fresh, now);
    if (await isUsable(filesIn(folder), now)) return;
    if (isThere) await rename(folder, stale).catch(() => undefined);
    await rename(fresh, folder).catch(() => undefined);
  } finally {
    await rm(fresh, { recursive: true, force: true });
    await rm(stale, { recursive: true, force: true });
  }
}

async function writeAuthority(folder: string, now: Date): Promise<void> {
  const files = filesIn(folder);
  const { ca, server } = await generateAuthority(now);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await writeFile(files.caFile, ca.cert, { mode: 0o644 });
  await writeFile(files.certFile, server.cert, { mode: 0o644 });
  await writeFile(files.keyFile, server.private, { mode: 0o600 });
}

/**
 * Go's clients (kubectl) want a subject alternative name, `serverAuth` and a CA that says so; see
 * https://pkg.go.dev/crypto/x509#Certificate.Verify.
 */
async function generateAuthority(now: Date) {
  const validity = {
    notBeforeDate: new Date(now.getTime() - clockSkewMilliseconds),
    notAfterDate: new Date(now.getTime() + validDays * dayMilliseconds),
    keyType: "ec",
    algorithm: "sha256",
  } as const;
  // A name of its own keeps two authorities apart in one trust store.
  const name = `Hubless local CA ${randomUUID().slice(0, 8)}`;
  const ca = await generate([{ name: "commonName", value: name }], {
    ...validity,
    extensions: [
      { name: "basicConstraints", cA: true, pathLenConstraint: 0, critical: true },
      { name: "keyUsage", keyCertSign: true, cRLSign: true, critical: true },
    ],
  });
  const server = await generate([{ name: "commonName", value: "localhost" }], {
    ...validity,
    ca: { key: ca.private, cert: ca.cert },
    extensions: [
      { name: "basicConstraints", cA: false, critical: true },
      { name: "keyUsage", digitalSignature: true, critical: true },
      { name: "extKeyUsage", serverAuth: true },
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: "localhost" },
          { type: 7, ip: "127.0.0.1" },
          { type: 7, ip: "::1" },
        ],
      },
    ],
  });
  return { ca, server };
}
