/** Says whether a decoded value of a route parameter is allowed. */
export type RouteConstraint = (value: string) => boolean;

const integer = /^[+-]?\d+$/;
const guid = /^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i;

const named: Readonly<Record<string, RouteConstraint>> = {
  int: (value) => integer.test(value) && Math.abs(Number(value)) <= 2 ** 31,
  long: (value) => integer.test(value),
  bool: (value) => /^(?:true|false)$/i.test(value),
  decimal: isNumber,
  double: isNumber,
  float: isNumber,
  datetime: (value) => !Number.isNaN(Date.parse(value)),
  guid: (value) => guid.test(value),
  alpha: (value) => /^[a-z]*$/i.test(value),
  required: (value) => value.length > 0,
};

const withNumbers: Readonly<Record<string, (...numbers: number[]) => RouteConstraint>> = {
  minlength:
    (lengthMin = 0) =>
    (value) =>
      value.length >= lengthMin,
  maxlength:
    (lengthMax = 0) =>
    (value) =>
      value.length <= lengthMax,
  length:
    (lengthMin = 0, lengthMax = lengthMin) =>
    (value) =>
      value.length >= lengthMin && value.length <= lengthMax,
  min:
    (numberMin = 0) =>
    (value) =>
      integer.test(value) && Number(value) >= numberMin,
  max:
    (numberMax = 0) =>
    (value) =>
      integer.test(value) && Number(value) <= numberMax,
  range:
    (numberMin = 0, numberMax = 0) =>
    (value) =>
      integer.test(value) && Number(value) >= numberMin && Number(value) <= numberMax,
};

function isNumber(value: string): boolean {
  return value.trim() !== "" && Number.isFinite(Number(value));
}

/**
 * Parses an inline constraint of a route template, such as `int`, `length(2,8)` or
 * `regex(^[a-z]+$)`. Throws an Error that names the constraint when it is unknown.
 *
 * @see https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-constraints
 */
export function parseRouteConstraint(text: string): RouteConstraint {
  const [, name = "", list] = /^([a-z]+)(?:\((.*)\))?$/is.exec(text.trim()) ?? [];
  const kind = name.toLowerCase();
  if (kind === "regex") return matching(list ?? "");
  const plain = named[kind];
  if (plain !== undefined) return plain;
  const factory = withNumbers[kind];
  const numbers = (list ?? "").split(",").map(Number);
  if (factory === undefined || numbers.some(Number.isNaN)) {
    throw new Error(`Cannot use route constraint "${text}": is not one that ASP.NET Core knows`);
  }
  return factory(...numbers);
}

/** Templates double the characters that mean something to them. */
function matching(source: string): RouteConstraint {
  const unescaped = source
    .replaceAll("{{", "{")
    .replaceAll("}}", "}")
    .replaceAll("[[", "[")
    .replaceAll("]]", "]");
  const pattern = new RegExp(unescaped, "i");
  return (value) => pattern.test(value);
}
