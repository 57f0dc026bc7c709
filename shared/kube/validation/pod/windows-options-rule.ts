import { nameErrors } from "../../object/name-rules.ts";
import { fields, type Rule } from "../rule.ts";
import { anyText } from "../zero-values.ts";

const credentialKibibytesMax = 64;
const domainCharactersMax = 255;
const userCharactersMax = 104;

const netBiosName = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/u;
const dnsLabel = "[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?";
const dnsName = new RegExp(`^${dnsLabel}(?:\\.${dnsLabel})*$`);

/**
 * How containers run on Windows: "securityContext.windowsOptions".
 *
 * @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-runasusername/
 */
export const windowsOptionsRule: Rule = fields({
  gmsaCredentialSpecName: anyText((value) => nameErrors("dns-subdomain", value)),
  gmsaCredentialSpec: anyText(credentialErrors),
  runAsUserName: anyText(userNameErrors),
});

function credentialErrors(value: string): readonly string[] {
  if (value === "") return ["gmsaCredentialSpec cannot be an empty string"];
  return Buffer.byteLength(value) > credentialKibibytesMax * 1024
    ? [`gmsaCredentialSpec size must be under ${credentialKibibytesMax} KiB`]
    : [];
}

/** "ContainerAdministrator", "NT AUTHORITY\NETWORK SERVICE", "example.com\web" */
function userNameErrors(value: string): readonly string[] {
  if (value === "") return ["runAsUserName cannot be an empty string"];
  if ([...value].some(isControl)) return ["runAsUserName cannot contain control characters"];
  const [user = "", domain, ...more] = value.split("\\").reverse();
  if (more.length > 0) return ["runAsUserName cannot contain more than one backslash"];
  return [...domainErrors(domain), ...userErrors(user)];
}

/** Of ASCII only: a name can have any other character that Unicode knows. */
function isControl(character: string): boolean {
  return character < " " || character === "\u007F";
}

function domainErrors(domain: string | undefined): readonly string[] {
  if (domain === undefined) return [];
  const errors: string[] = [];
  if (Buffer.byteLength(domain) > domainCharactersMax) {
    errors.push(
      `runAsUserName's Domain length must be under ${domainCharactersMax + 1} characters`,
    );
  }
  if (!netBiosName.test(domain) && !dnsName.test(domain)) {
    errors.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  return errors;
}

function userErrors(user: string): readonly string[] {
  const errors: string[] = [];
  if (user === "") errors.push("runAsUserName's User cannot be empty");
  if (Buffer.byteLength(user) > userCharactersMax) {
    errors.push(
      `runAsUserName's User length must not be longer than ${userCharactersMax} characters`,
    );
  }
  if (/^[. ]+$/.test(user)) {
    errors.push("runAsUserName's User cannot contain only periods or spaces");
  }
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    errors.push(`runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`);
  }
  return errors;
}
