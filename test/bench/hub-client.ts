import { readFile } from "node:fs/promises";
import { KubeConfig } from "@kubernetes/client-node";
import type { BenchCloud } from "./bench-cloud.ts";

/** The hub as raw requests, so that no client library is in the figures. */
export interface HubClient {
  readonly ask: (method: string, path: string, body?: object, type?: string) => Promise<Response>;
  /** The same, for who wants the answer's object; throws for any refusal. */
  readonly json: (method: string, path: string, body?: object, type?: string) => Promise<Answer>;
}

export interface Answer {
  readonly metadata?: { readonly continue?: string; readonly resourceVersion?: string };
  readonly items?: readonly unknown[];
}

export function hubClient({ endpoints }: BenchCloud): HubClient {
  const config = new KubeConfig();
  config.loadFromFile(endpoints.kubeconfig);
  const authorization = `Bearer ${config.getCurrentUser()?.token}`;
  const ask: HubClient["ask"] = async (method, path, body, type = "application/json") =>
    await fetch(`${endpoints.hub}${path}`, {
      method,
      headers: { authorization, "content-type": type },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  return {
    ask,
    json: async (...what) => {
      const response = await ask(...what);
      const text = await response.text();
      if (!response.ok) throw new Error(`Cannot measure: ${what[0]} ${what[1]} answered ${text}`);
      return JSON.parse(text) as Answer;
    },
  };
}

/** Megabytes of memory that a process has, as Linux counts it; none where there is no /proc. */
export async function residentMegabytes(pid: number): Promise<readonly number[]> {
  const text = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmRSS:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? [] : [Number(kilobytes) / 1024];
}
