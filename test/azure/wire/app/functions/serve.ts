/** Faces that do what they should not, behind the product's own adapter, with streaming on. */
import { setTimeout as sleep } from "node:timers/promises";
import { app } from "@azure/functions";
import { answer } from "../../../../../shared/azure/wire/http.ts";
import { bodyTooSlow } from "../../../../../shared/kube/flow/body-refusals.ts";
import {
  type FlowState,
  flowControl,
  usualLimits,
} from "../../../../../shared/kube/flow/flow-control.ts";

app.setup({ enableHttpStream: true });

/** What "state" answers. */
export type SeenState = FlowState;

const authLevel = "anonymous" as const;
const face = (serve: (request: Request) => Promise<Response>) => ({
  methods: ["GET" as const, "PUT" as const],
  authLevel,
  handler: answer(serve, { bodySecondsMax: 1, tooSlow: bodyTooSlow }),
});

app.http(
  "throws",
  face(async () => await Promise.reject(new Error("boom"))),
);
app.http(
  "breaks-off",
  face(async () => streamed(lines(3, 20, "then throws"))),
);
app.http(
  "goes-on",
  face(async () => streamed(lines(3, 20))),
);
app.http(
  "echo",
  face(async (request) => new Response(await request.text())),
);

const limits = { ...usualLimits, watch: { openMax: 4, openPerCallerMax: 2 }, watchSecondsMax: 2 };
const flow = flowControl({ limits });
app.http("watched", face(watched));
app.http(
  "state",
  face(async () => Response.json(flow.state())),
);

/** As the hub serves a watch, of the caller that the query names. */
async function watched(request: Request): Promise<Response> {
  const { searchParams: query } = new URL(request.url);
  const facts = { method: "GET", path: "/api/v1/configmaps", query };
  const serve = async () => streamed(lines(Number(query.get("lines") ?? 1_000), 20));
  return await flow.run(facts, query.get("caller") ?? "", serve);
}

async function* lines(count: number, everyMilliseconds: number, end?: string) {
  const encoder = new TextEncoder();
  for (let at = 0; at < count; at++) {
    yield encoder.encode(`line ${at}\n`);
    await sleep(everyMilliseconds);
  }
  if (end !== undefined) throw new Error(end);
}

const streamed = (chunks: AsyncIterable<Uint8Array>): Response =>
  new Response(ReadableStream.from(chunks) as ReadableStream<Uint8Array>);
