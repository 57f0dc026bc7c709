import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { installWidgets } from "./install-widgets.ts";
import { ourServer } from "./our-server.ts";
import {
  type Area,
  type Expectation,
  type ParityCase,
  readAreas,
  readDeviations,
  writeArea,
} from "./parity-case.ts";
import { missingAssets, startRealServer } from "./real-server.ts";
import { type ParityServer, runCase } from "./run-case.ts";

const areas = readAreas();
const deviations = readDeviations();
const assets = process.env["KUBEBUILDER_ASSETS"];
const isUpdating = process.env["UPDATE_EXPECTATIONS"] === "1";
const casesMin = 150;

const titleOf = (area: Area, { name }: ParityCase): string => `${area.name}: ${name}`;
const namespaceOf = (area: number, index: number): string => `case-${area}-${index}-of-parity`;

test(`the corpus has at least ${casesMin} requests, each with a name and an answer of its own`, () => {
  const titles = areas.flatMap((area) => area.cases.map((each) => titleOf(area, each)));
  expect(titles.length).toBeGreaterThanOrEqual(casesMin);
  expect(new Set(titles).size).toBe(titles.length);
  const silent = areas.flatMap(({ cases }) => cases.filter((each) => each.expect === undefined));
  if (!isUpdating) expect(silent).toEqual([]);
});

test("each deviation is one of a case that there is, and has a reason", () => {
  const titles = areas.flatMap((area) => area.cases.map((each) => titleOf(area, each)));
  const lost = [...deviations.keys()].filter((title) => !titles.includes(title));
  expect(lost).toEqual([]);
  expect([...deviations.values()].filter(({ because }) => because.length < 10)).toEqual([]);
});

describe.runIf(missingAssets(assets) === undefined)("a real kube-apiserver answers", () => {
  let real: ParityServer | undefined;
  const measured = new Map<ParityCase, Expectation>();

  beforeAll(async () => {
    real = await startRealServer(assets ?? "");
    await installWidgets(real);
  }, 180_000);

  afterAll(async () => {
    await real?.close();
    if (isUpdating) for (const area of areas) updateArea(area, measured);
  }, 60_000);

  for (const [number, area] of areas.entries()) {
    test.each(area.cases.map((each, index) => [each.name, index, each] as const))(
      `${area.name}: %s`,
      { timeout: 70_000 },
      async (_, index, parity) => {
        if (real === undefined) throw new Error("Cannot ask: the server must be running");
        const answer = await runCase(parity, {
          server: real,
          namespace: namespaceOf(number, index),
        });
        measured.set(parity, answer);
        if (!isUpdating) expect(answer).toEqual(parity.expect);
      },
    );
  }
});

function updateArea(area: Area, measured: ReadonlyMap<ParityCase, Expectation>): void {
  const cases = area.cases.map((each): ParityCase => {
    const expectation = measured.get(each);
    return expectation === undefined ? each : { ...each, source: "measured", expect: expectation };
  });
  writeArea(area, cases);
}

describe.skipIf(isUpdating)("our API answers as kube-apiserver 1.34 does", () => {
  for (const [number, area] of areas.entries()) {
    test.each(area.cases.map((each, index) => [each.name, index, each] as const))(
      `${area.name}: %s`,
      async (_, index, parity) => {
        const server = await ourServer();
        const namespace = namespaceOf(number, index);
        const { api } = server;
        let before = await api.store.head(api.fleet);
        const beforeAsk = async (): Promise<void> => {
          before = await api.store.head(api.fleet);
        };
        const answer = await runCase(parity, { server, namespace, beforeAsk });
        // A refusal changes nothing.
        if (answer.status >= 400) expect(await api.store.head(api.fleet)).toEqual(before);
        const deviation = deviations.get(titleOf(area, parity));
        if (deviation === undefined) expect(answer).toEqual(parity.expect);
        else {
          expect(answer.status).toBe(deviation.status);
          expect(answer, "this deviation no longer deviates").not.toEqual(parity.expect);
        }
      },
    );
  }
});
