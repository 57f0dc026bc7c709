import { Optional } from "@marcbachmann/cel-js";
import { type CelFunction, notMine } from "./cel-function.ts";
import { NamedFormat, namedFormat, namedFormats } from "./named-format.ts";

/** What `format` is in `format.uuid()`. */
export class FormatNamespace {}

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-format-library */
export const formatFunctions: readonly CelFunction[] = [
  {
    signatures: ["FormatNamespace.named(string): optional<kubernetes.NamedFormat>"],
    run: ({ args: [, name] }) =>
      typeof name === "string" ? Optional.of(namedFormat(name)) : notMine,
  },
  ...namedFormats.map((format) => ({
    signatures: [`FormatNamespace.${format.name}(): kubernetes.NamedFormat`],
    run: () => format,
  })),
  {
    signatures: ["kubernetes.NamedFormat.validate(string): optional<list<string>>"],
    run: ({ args: [format, text] }) => {
      if (!(format instanceof NamedFormat) || typeof text !== "string") return notMine;
      const errors = format.errorsOf(text);
      return errors.length === 0 ? Optional.none() : Optional.of(errors);
    },
  },
];
