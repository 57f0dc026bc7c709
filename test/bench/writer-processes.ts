import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { WriterReport, WriterStart, WriterTask } from "./fleet-log-writer.ts";

/** Writers of the fleet log, each in a process of its own. */
export interface WriterProcesses {
  /** Lets the first so many writers commit to one fleet for a while. */
  run(task: Omit<WriterTask, "writer">, size: RunSize): Promise<readonly WriterReport[]>;
  stop(): void;
}

export interface RunSize {
  readonly writers: number;
  readonly seconds: number;
  /** Called when all writers are ready, before they start. */
  readonly onReady: () => Promise<void>;
}

/** So long before the start nobody commits: all writers begin at once, and none has a turn yet. */
const leadMilliseconds = 2_500;

export function writerProcesses(count: number): WriterProcesses {
  const program = fileURLToPath(new URL("fleet-log-writer.ts", import.meta.url));
  const writers = Array.from({ length: count }, () => {
    const child = spawn(process.execPath, [program], { stdio: ["pipe", "pipe", "inherit"] });
    return { child, ask: conversation(child) };
  });
  return {
    async run(task, { writers: size, seconds, onReady }) {
      const taking = writers.slice(0, size);
      await Promise.all(taking.map(async ({ ask }, writer) => await ask({ ...task, writer })));
      await onReady();
      const startAtMs = Date.now() + leadMilliseconds;
      const start: WriterStart = { startAtMs, stopAtMs: startAtMs + seconds * 1_000 };
      return await Promise.all(taking.map(async ({ ask }) => (await ask(start)) as WriterReport));
    },
    stop() {
      for (const { child } of writers) child.stdin.end();
    },
  };
}

/** Says one line and waits for the answer. */
function conversation({ stdin, stdout }: ChildProcess): (line: object) => Promise<unknown> {
  if (stdin === null || stdout === null) throw new Error("Cannot talk to writer: needs pipes");
  const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
  return async (line) => {
    stdin.write(`${JSON.stringify(line)}\n`);
    const answer = await lines.next();
    if (answer.done === true) throw new Error("Cannot run writer: its process ended");
    return JSON.parse(answer.value) as unknown;
  };
}
