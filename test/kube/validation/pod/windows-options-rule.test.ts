import { expect, test } from "vitest";
import { windowsOptionsRule } from "../../../../shared/kube/validation/pod/windows-options-rule.ts";
import { expectNeverThrows, told } from "./told.ts";

const characters = 'cannot contain the following characters: "/\\:;|=,+*?<>@[]';

test.each<[user: string, want: readonly string[]]>([
  ["", ["cannot be an empty string"]],
  ["a\u0007", ["cannot contain control characters"]],
  ["a\\b\\c", ["cannot contain more than one backslash"]],
  ["\\web", ["'s Domain doesn't match the NetBios nor the DNS format"]],
  [".a/b\\web", ["'s Domain doesn't match the NetBios nor the DNS format"]],
  [
    `${"a".repeat(256)}\\web`,
    [
      "'s Domain length must be under 256 characters",
      "'s Domain doesn't match the NetBios nor the DNS format",
    ],
  ],
  ["example.com\\", ["'s User cannot be empty"]],
  ["a".repeat(105), ["'s User length must not be longer than 104 characters"]],
  ["...", ["'s User cannot contain only periods or spaces"]],
  ["web@example.com", [`'s User ${characters}`]],
])("nothing runs as the user %j", (runAsUserName, want) => {
  expect(told(windowsOptionsRule, { runAsUserName })).toEqual(
    want.map((because) => {
      const joint = because.startsWith("'") ? "" : " ";
      const shown = JSON.stringify(runAsUserName);
      return `spec.runAsUserName: Invalid value: ${shown}: runAsUserName${joint}${because}`;
    }),
  );
});

test.each([
  ["ContainerUser"],
  ["ContainerAdministrator"],
  ["NT AUTHORITY\\NETWORK SERVICE"],
  ["NT AUTHORITY\\Local service"],
  ["a.domain.example.com\\web user"],
  ["Zürich"],
])("something can run as the user %j", (runAsUserName) => {
  expect(told(windowsOptionsRule, { runAsUserName })).toEqual([]);
});

test("credentials have a name, and a limit", () => {
  const gmsaCredentialSpec = "é".repeat(32 * 1024 + 1);
  const told1 = told(windowsOptionsRule, { gmsaCredentialSpecName: "A", gmsaCredentialSpec });
  expect(told1).toHaveLength(2);
  expect(told1[0]).toMatch(
    /^spec.gmsaCredentialSpecName: Invalid value: "A": a lowercase RFC 1123/,
  );
  expect(told1[1]).toMatch(
    /^spec.gmsaCredentialSpec: .*: gmsaCredentialSpec size must be under 64 K/,
  );
  const fine = { gmsaCredentialSpecName: "web-01", gmsaCredentialSpec: "a".repeat(64 * 1024) };
  expect(told(windowsOptionsRule, fine)).toEqual([]);
});

test("any JSON can stand for any part of the options", () => {
  const good = { gmsaCredentialSpecName: "a", gmsaCredentialSpec: "{}", runAsUserName: "A\\b" };
  expectNeverThrows(windowsOptionsRule, good);
});
