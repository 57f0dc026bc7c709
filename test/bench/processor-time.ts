/** How much processor time a process and all that it started have used, as Linux counts it. */
import { readdir, readFile } from "node:fs/promises";

/** Linux counts in hundredths of a second, on every machine that Node runs on. */
const ticksPerSecond = 100;

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

/** Of processes that are alive; throws where there is no /proc. */
export async function processorSeconds(root: number): Promise<number> {
  const names = await readdir("/proc");
  const pids = names.filter((name) => /^[0-9]+$/.test(name)).map(Number);
  const processes = (await Promise.all(pids.map(readProcess))).flat();
  const family = new Set([root]);
  for (let size = 0; size < family.size; ) {
    size = family.size;
    for (const { pid, parent } of processes) if (family.has(parent)) family.add(pid);
  }
  return processes
    .filter(({ pid }) => family.has(pid))
    .reduce((sum, { seconds }) => sum + seconds, 0);
}

/** None for a process that has ended meanwhile. See proc_pid_stat(5): the name may hold spaces. */
async function readProcess(pid: number): Promise<readonly Process[]> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return [];
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [parent, user, system] = [fields[1], fields[11], fields[12]].map(Number);
  return [{ pid, parent: parent ?? 0, seconds: ((user ?? 0) + (system ?? 0)) / ticksPerSecond }];
}
