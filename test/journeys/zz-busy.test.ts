import { afterAll, beforeAll, expect, test } from "vitest";
import { type Laptop, startLaptop } from "./laptop.ts";
import { sampleFleet } from "./members.ts";
import { getRun, putRun, runIs, startRun, stateOf } from "./update-runs.ts";
let laptop: Laptop;
beforeAll(async () => { laptop = await startLaptop(); await sampleFleet(laptop, 2); }, 90_000);
afterAll(async () => await laptop?.end());
const cases = [
  ["busy", { kind: "answer", status: 409, code: "OperationNotAllowed", message: "Operation is not allowed because there's an in progress update" }],
  ["throttled", { kind: "answer", status: 429, code: "Throttled", retryAfterSeconds: 1 }],
] as const;
test.each(cases)("%s", async (name, effect) => {
  laptop.cloud.arm.faults.add({ match: { method: "PUT", type: "Microsoft.ContainerService/managedClusters" }, effect, times: 1 });
  const version = name === "busy" ? "1.34.1" : "1.34.2";
  await putRun(laptop, name, { version, stages: ["test"] });
  const at = performance.now();
  await startRun(laptop, name);
  await runIs(laptop, name, { state: "Completed", limitSeconds: 60 });
  process.stderr.write(`${name} ${performance.now() - at}\n`);
}, 100_000);
