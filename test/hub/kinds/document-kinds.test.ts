import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { hubKinds } from "../../../shared/hub/kinds.ts";
import { reservedGroups } from "../../../shared/kube/definitions/reserved-groups.ts";

const root = join(import.meta.dirname, "../../..");

/** The names of all kinds of documents that the code keeps. */
const names = globSync("shared/**/*.ts", { cwd: root })
  .flatMap((file) => [
    ...readFileSync(join(root, file), "utf8").matchAll(/\bkind<\w+>\(\s*"([^"]+)"/g),
  ])
  .map(([, name = ""]) => name);

test("no user can define a kind whose objects would be the fleet's own documents", () => {
  const served = hubKinds.all.map(({ documents }) => documents);
  const isOutOfReach = (name: string) =>
    served.includes(name) || reservedGroups.includes(name.split("/")[0] ?? "");
  expect(names.length).toBeGreaterThan(15);
  expect(names.filter((name) => !isOutOfReach(name))).toEqual([]);
});
