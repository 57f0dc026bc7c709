/**
 * The corpus: requests and what kube-apiserver 1.34 answers, a file of `cases/` for each area.
 *
 * In paths and bodies, `{ns}` is a namespace of the case's own, `{configmaps}` and the like are
 * collections in it, and `{a.metadata.uid}` is a value from the answer of the step named "a".
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { CORE_SCHEMA, dump, load } from "js-yaml";
import type { Json } from "../../../shared/lib/kube-object.ts";

/** A request as a case writes it: "POST {configmaps}?dryRun=All". */
export interface ParityRequest {
  readonly request: string;
  /** Sent as JSON, text as it is. */
  readonly body?: Json;
  /** The body is so many bytes of this text, for what no file should hold. */
  readonly repeat?: { readonly text: string; readonly times: number };
  /** The Content-Type; JSON where there is a body and nothing else is said. */
  readonly type?: string;
  readonly accept?: string;
}

export interface SetupStep extends ParityRequest {
  readonly as?: string;
}

/** An answer without what differs from run to run. */
export interface Expectation {
  readonly status: number;
  /** Of "warning", and of the headers that the case shows. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Json;
}

export interface ParityCase {
  readonly name: string;
  readonly setup?: readonly SetupStep[];
  readonly ask: ParityRequest;
  /** The parts of the body that are compared; all of it when left out. */
  readonly pick?: readonly string[];
  /** Headers that are compared, besides warnings. */
  readonly headers?: readonly string[];
  /** "measured": a kube-apiserver 1.34 gave this answer; "known": it is what its code says. */
  readonly source?: "measured" | "known";
  readonly expect?: Expectation;
}

export interface Area {
  /** "create" */
  readonly name: string;
  readonly file: string;
  /** Comments at the top of the file. */
  readonly header: string;
  readonly cases: readonly ParityCase[];
}

const folder = join(import.meta.dirname, "cases");

export function readAreas(): readonly Area[] {
  return globSync("*.yaml", { cwd: folder }).toSorted().map(readArea);
}

function readArea(name: string): Area {
  const file = join(folder, name);
  const text = readFileSync(file, "utf8");
  const header = /^(?:#.*\n)*/.exec(text)?.[0] ?? "";
  const cases = load(text, { schema: CORE_SCHEMA }) as unknown as readonly ParityCase[];
  return { name: basename(name, ".yaml"), file, header, cases };
}

/** Writes what a real server has answered; comments further down the file are lost. */
export function writeArea({ file, header }: Area, cases: readonly ParityCase[]): void {
  const entries = cases.map((each) => dump([each], { noRefs: true, lineWidth: 100 }));
  writeFileSync(file, `${header}${entries.join("\n")}`);
}

/** What we answer otherwise on purpose, or cannot answer alike. */
export interface Deviation {
  /** "create: a Deployment gets its defaults" */
  readonly case: string;
  readonly because: string;
  /** The status that we answer with, so that no failure hides behind a deviation. */
  readonly status: number;
}

export function readDeviations(): ReadonlyMap<string, Deviation> {
  const text = readFileSync(join(import.meta.dirname, "deviations.yaml"), "utf8");
  const all = load(text, { schema: CORE_SCHEMA }) as unknown as readonly Deviation[];
  return new Map(all.map((each) => [each.case, each]));
}
