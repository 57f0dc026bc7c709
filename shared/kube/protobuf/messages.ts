import { clusterMessages } from "./cluster-messages.ts";
import { coreMessages } from "./core-messages.ts";
import { podMessages } from "./pod-messages.ts";
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

let messages: ReadonlyMap<string, Message> | undefined;

/** The fields of a message by their numbers; undefined for a message that is not known. */
export function messageOf(name: string): Message | undefined {
  messages ??= parseMessages();
  return messages.get(name);
}

function parseMessages(): ReadonlyMap<string, Message> {
  const text = [clusterMessages, coreMessages, podMessages, workloadMessages].join("");
  const lines = text.replaceAll(",\n  ", ", ").split("\n");
  return new Map(lines.filter((line) => line !== "").map(parseMessage));
}

function parseMessage(line: string): [name: string, message: Message] {
  const [name = "", fields = ""] = line.split(": ");
  const entries = fields
    .split(", ")
    .filter((field) => field !== "")
    .map(parseField);
  return [name.replace(/:$/, ""), new Map(entries)];
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
