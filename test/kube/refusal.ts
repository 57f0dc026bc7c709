import { expect, test } from "vitest";
import type { Json, JsonObject } from "../../shared/lib/kube-object.ts";
import {
  type Ask,
  configMap,
  configMaps,
  type KubeFixture,
  kubeFixture,
  widgetOf,
  widgets,
} from "./kube-fixture.ts";

/** A request that must be refused, and how. */
export interface Refusal {
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly body?: Json;
  readonly how?: Ask;
  readonly code: number;
  readonly reason: string;
  readonly message?: string | RegExp;
  readonly details?: JsonObject;
}

async function withObjects(): Promise<KubeFixture> {
  const fixture = await kubeFixture();
  await fixture.ask("POST", configMaps, configMap("there", { a: "1" }));
  await fixture.ask("POST", widgets, widgetOf("there", { size: 1 }));
  return fixture;
}

/** Each refusal is a `Status` with the code and reason of a kube-apiserver, and changes nothing. */
export function testRefusals(refusals: readonly Refusal[]): void {
  test.each(refusals)("the API refuses $name", async (refusal) => {
    const { ask, api } = await withObjects();
    const before = await api.store.head(api.fleet);
    const { method, path, body, how, code, reason, message, details } = refusal;
    const answer = await ask(method, path, body, how);
    expect(answer.body).toMatchObject({
      kind: "Status",
      apiVersion: "v1",
      status: "Failure",
      code,
      reason,
      ...(details !== undefined && { details }),
    });
    expect(answer.status).toBe(code);
    if (message instanceof RegExp) expect(answer.body["message"]).toMatch(message);
    else if (message !== undefined) expect(answer.body["message"]).toBe(message);
    expect(await api.store.head(api.fleet)).toEqual(before);
  });
}
