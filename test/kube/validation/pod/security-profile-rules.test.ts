import { expect, test } from "vitest";
import {
  appArmorProfileRule,
  seccompProfileRule,
} from "../../../../shared/kube/validation/pod/security-profile-rules.ts";
import type { Json } from "../../../../shared/lib/kube-object.ts";
import { told } from "./told.ts";

test.each<[name: string, profile: Json, want: readonly string[]]>([
  [
    "a file that is not named",
    { type: "Localhost" },
    ["spec.localhostProfile: Required value: must be set when seccomp type is Localhost"],
  ],
  [
    "a file outside of the kubelet's folder",
    { type: "Localhost", localhostProfile: "/a/../b" },
    [
      'spec.localhostProfile: Invalid value: "/a/../b": must be a relative path',
      "spec.localhostProfile: Invalid value: \"/a/../b\": must not contain '..'",
    ],
  ],
  [
    "a file for a type that has none",
    { type: "Unconfined", localhostProfile: "a" },
    [
      'spec.localhostProfile: Invalid value: {"type":"Unconfined","localhostProfile":"a"}: can ' +
        "only be set when seccomp type is Localhost",
    ],
  ],
  [
    "a file without a type",
    { localhostProfile: "a" },
    [
      "spec.type: Required value: type is required when seccompProfile is set",
      'spec.localhostProfile: Invalid value: {"localhostProfile":"a"}: can only be set when ' +
        "seccomp type is Localhost",
    ],
  ],
])("a seccomp profile may not have %s", (_name, profile, want) => {
  expect(told(seccompProfileRule, profile)).toEqual(want);
});

test.each<[name: string, profile: Json, want: readonly string[]]>([
  [
    "a profile that is not named",
    { type: "Localhost" },
    ["spec.localhostProfile: Required value: must be set when AppArmor type is Localhost"],
  ],
  [
    "an empty name",
    { type: "Localhost", localhostProfile: "" },
    ["spec.localhostProfile: Required value: must be set when AppArmor type is Localhost"],
  ],
  [
    "spaces around a name",
    { type: "Localhost", localhostProfile: " a" },
    ['spec.localhostProfile: Invalid value: " a": must not be padded with whitespace'],
  ],
  [
    "a name that no file can have",
    { type: "Localhost", localhostProfile: "a".repeat(4096) },
    ["spec.localhostProfile: Too long: may not be more than 4095 bytes"],
  ],
  [
    "a name for a type that has none",
    { type: "RuntimeDefault", localhostProfile: "a" },
    ['spec.localhostProfile: Invalid value: "a": can only be set when AppArmor type is Localhost'],
  ],
  [
    "a name without a type",
    { localhostProfile: "a" },
    ["spec.type: Required value: type is required when appArmorProfile is set"],
  ],
])("an AppArmor profile may not have %s", (_name, profile, want) => {
  expect(told(appArmorProfileRule, profile)).toEqual(want);
});

test.each<[profile: Json]>([
  [{ type: "RuntimeDefault" }],
  [{ type: "Unconfined", localhostProfile: null }],
  [{ type: "Localhost", localhostProfile: "profiles/audit.json" }],
])("the profile %j is fine", (profile) => {
  expect(told(seccompProfileRule, profile)).toEqual([]);
  expect(told(appArmorProfileRule, profile)).toEqual([]);
});
