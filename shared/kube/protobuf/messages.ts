import { admissionMessages } from "./admission-messages.ts";
import { clusterMessages } from "./cluster-messages.ts";
import { coreMessages } from "./core-messages.ts";
import { definitionMessages } from "./definition-messages.ts";
import { deviceMessages } from "./device-messages.ts";
import { flowMessages } from "./flow-messages.ts";
import { nodeMessages } from "./node-messages.ts";
import { podMessages } from "./pod-messages.ts";
import { storageMessages } from "./storage-messages.ts";
import { workloadMessages } from "./workload-messages.ts";

/** A field of a message, and what its JSON looks like. */
export interface MessageField {
  /** Undefined for a field whose own fields stand in its parent. */
  readonly name: string | undefined;
  /** "string", "bytes", "bool", "int32", "int64", "double" or the name of a message. */
  readonly type: string;
  readonly shape: "one" | "many" | "map";
  /** A zero or an empty message says something: it is a pointer, or JSON always has it. */
  readonly isKept: boolean;
}

type Message = ReadonlyMap<number, MessageField>;

const tables = [
  admissionMessages,
  clusterMessages,
  coreMessages,
  definitionMessages,
  deviceMessages,
  flowMessages,
  nodeMessages,
  podMessages,
  storageMessages,
  workloadMessages,
];

/** The line of each message; a kind's message has the kind's name. */
let lines: ReadonlyMap<string, string> | undefined;

/** Messages that have been asked for: an object needs few of them. */
const parsed = new Map<string, Message>();

/** The fields of a message by their numbers; undefined for a message that is not known. */
export function messageOf(name: string): Message | undefined {
  const known = parsed.get(name);
  if (known !== undefined) return known;
  lines ??= new Map(messageLines());
  const line = lines.get(name);
  if (line === undefined) return undefined;
  const message = parseMessage(line);
  parsed.set(name, message);
  return message;
}

/** The name of each message, and what its line says after it. */
export function messageLines(): [name: string, fields: string][] {
  const text = tables.join("").replaceAll(",\n  ", ", ");
  const all = text.split("\n").filter((line) => line !== "");
  return all.map((line) => {
    const end = line.indexOf(":");
    return [line.slice(0, end), line.slice(end + 1).trim()];
  });
}

function parseMessage(line: string): Message {
  const fields = line.split(", ").filter((field) => field !== "");
  return new Map(fields.map(parseField));
}

function parseField(text: string): [number: number, field: MessageField] {
  const [number = "", name = "", type = ""] = text.split(" ");
  const shape = type.endsWith("[]") ? "many" : type.startsWith("{") ? "map" : "one";
  return [
    Number(number),
    {
      name: name === "..." ? undefined : name,
      type: type.replace(/^\{|\}$|\[\]$|[*!]$/g, ""),
      shape,
      isKept: /[*!]$/.test(type),
    },
  ];
}
