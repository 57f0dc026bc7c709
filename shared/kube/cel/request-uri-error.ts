/**
 * What is wrong with an absolute URI or an absolute path, in the words of Go; undefined for a good
 * one.
 *
 * @see https://pkg.go.dev/net/url#ParseRequestURI
 * @example
 * ```ts
 * requestUriError("a b"); // 'parse "a b": invalid URI for request'
 * ```
 */
export function requestUriError(text: string): string | undefined {
  const because = wrongUri(text);
  return because === undefined ? undefined : `parse ${JSON.stringify(text)}: ${because}`;
}

function wrongUri(text: string): string | undefined {
  if (control.test(text)) return "net/url: invalid control character in URL";
  if (text === "") return "empty url";
  if (text === "*") return undefined;
  if (text.startsWith(":")) return "missing protocol scheme";
  const scheme = /^[A-Za-z][A-Za-z0-9+.-]*:/.exec(text)?.[0] ?? "";
  const [rest = ""] = text.slice(scheme.length).split("?", 1);
  // What does not begin with a slash is opaque: "mailto:a@example.com".
  if (!rest.startsWith("/")) return scheme === "" ? "invalid URI for request" : undefined;
  if (scheme === "" || !rest.startsWith("//")) return wrongEscape(rest);
  const [, authority = "", path = ""] = /^\/\/([^/]*)(.*)$/s.exec(rest) ?? [];
  return wrongAuthority(authority) ?? wrongEscape(path);
}

/** The control characters of ASCII. */
const control = /[^ -~\u0080-\uffff]/;

function wrongEscape(text: string): string | undefined {
  const [found] = /%(?![0-9A-Fa-f]{2}).{0,2}/s.exec(text) ?? [];
  return found === undefined ? undefined : invalidEscape(found);
}

function invalidEscape(found: string): string {
  return `invalid URL escape ${JSON.stringify(found)}`;
}

const userCharacters = /^[A-Za-z0-9\-._:~!$&'()*+,;=%@]*$/;

/** "user:password@example.com:80" */
function wrongAuthority(authority: string): string | undefined {
  const at = authority.lastIndexOf("@");
  const user = authority.slice(0, Math.max(at, 0));
  const because = wrongHost(authority.slice(at + 1));
  if (because !== undefined) return because;
  return userCharacters.test(user) ? wrongEscape(user) : "net/url: invalid userinfo";
}

function wrongHost(host: string): string | undefined {
  const isBracketed = host.startsWith("[");
  const close = host.lastIndexOf("]");
  if (isBracketed && close < 0) return "missing ']' in host";
  const port = isBracketed ? host.slice(close + 1) : (/:[^:]*$/.exec(host)?.[0] ?? "");
  if (!/^(:\d*)?$/.test(port)) return `invalid port ${JSON.stringify(port)} after host`;
  const zone = isBracketed ? host.slice(0, close).indexOf("%25") : -1;
  if (zone < 0) return wrongHostCharacter(host, hostFault);
  return (
    wrongHostCharacter(host.slice(0, zone), hostFault) ??
    wrongHostCharacter(host.slice(zone, close), zoneFault) ??
    wrongHostCharacter(host.slice(close), hostFault)
  );
}

const fault = "%(?![0-9A-Fa-f]{2}).{0,2}|[ #/?@\\\\^`{|}]";
/** Only what is not ASCII can be escaped in a host, and "%" itself. */
const hostFault = new RegExp(`${fault}|%(?!25)[0-7].`, "s");
/** Only ASCII that a host can hold can be escaped in a zone, as "en0" in "[fe80::1%25en0]" is. */
const zoneFault = new RegExp(
  `${fault}|%(?:[018-9A-Fa-f].|2[3Ff]|3[Ff]|40|5[CcEe]|60|7[B-DFb-df])`,
  "s",
);

function wrongHostCharacter(text: string, faults: RegExp): string | undefined {
  const [found] = faults.exec(text) ?? [];
  if (found === undefined) return undefined;
  return found.startsWith("%")
    ? invalidEscape(found)
    : `invalid character ${JSON.stringify(found)} in host name`;
}
