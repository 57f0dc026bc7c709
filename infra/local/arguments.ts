import { join } from "node:path";
import { parseArgs } from "node:util";

export interface Options {
  readonly once: boolean;
  readonly members: number;
  readonly port: number;
  readonly speed: number;
  readonly fresh: boolean;
  readonly folder: string;
  readonly stateFolder: string;
}

export const usage = `Usage: npm start -- [options]

  --once        play the guided tour, print one line of JSON, and end
  --members N   start with N clusters (1 to 1000; default 6)
  --port P      the port of the Functions host (default 7071)
  --speed X     how much faster than Azure clusters are created and upgraded (default 150)
  --fresh       forget the state of earlier starts
  --help        this text`;

export type Parsed =
  | { readonly kind: "options"; readonly options: Options }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

const folder = join(import.meta.dirname, "..", "..", ".local");

const membersMax = 1_000;
const portMax = 65_535;
const speedMax = 10_000;

export function parseArguments(args: readonly string[]): Parsed {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        once: { type: "boolean", default: false },
        members: { type: "string", default: "6" },
        port: { type: "string", default: "7071" },
        speed: { type: "string", default: "150" },
        fresh: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { kind: "help" };
    return {
      kind: "options",
      options: {
        once: values.once,
        members: whole("--members", values.members, membersMax),
        port: whole("--port", values.port, portMax),
        speed: positive("--speed", values.speed, speedMax),
        fresh: values.fresh || values.once,
        folder,
        // The tour begins with nothing, and leaves alone what other starts keep.
        stateFolder: join(folder, values.once ? "tour" : "state"),
      },
    };
  } catch (error) {
    return { kind: "wrong", message: error instanceof Error ? error.message : String(error) };
  }
}

function whole(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= max) return value;
  throw new RangeError(`Cannot use ${name} "${text}": must be an integer from 1 to ${max}`);
}

function positive(name: string, text: string, max: number): number {
  const value = Number(text);
  if (value > 0 && value <= max) return value;
  throw new RangeError(`Cannot use ${name} "${text}": must be a number above 0 and up to ${max}`);
}
