import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type LocalAuthority, localAuthority } from "../../infra/local/tls/local-authority.ts";

/**
 * Certificates that this whole process trusts, as `NODE_EXTRA_CA_CERTS` would have it, so that an
 * unmodified SDK reaches a server on this machine without a word about TLS. `remove` ends that.
 */
export async function trustedAuthority(): Promise<{
  readonly tls: LocalAuthority;
  readonly remove: () => Promise<void>;
}> {
  const folder = await mkdtemp(join(tmpdir(), "hubless-tls-"));
  const tls = await localAuthority(join(folder, "tls"));
  const before = getCACertificates("default");
  setDefaultCACertificates([...before, await readFile(tls.caFile, "utf8")]);
  const remove = async () => {
    setDefaultCACertificates(before);
    await rm(folder, { recursive: true, force: true });
  };
  return { tls, remove };
}
