/**
 * Protocol buffers on the wire: what Kubernetes' messages and OpenAPI documents need of it.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */

/** A non-negative integer, or any integer as 64-bit two's complement. */
export function encodeVarint(value: number): Buffer {
  let rest = BigInt.asUintN(64, BigInt(value));
  const bytes: number[] = [];
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

export function encodeTag(field: number, wireType: 0 | 1 | 2): Buffer {
  return encodeVarint(field * 8 + wireType);
}

/** A length-delimited field: text, bytes or a message. */
export function encodeBytes(field: number, value: string | Buffer): Buffer {
  const bytes = typeof value === "string" ? Buffer.from(value) : value;
  return Buffer.concat([encodeTag(field, 2), encodeVarint(bytes.length), bytes]);
}

export function encodeInteger(field: number, value: number): Buffer {
  return Buffer.concat([encodeTag(field, 0), encodeVarint(value)]);
}

export function encodeDouble(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([encodeTag(field, 1), bytes]);
}

/** One field of a message: a number for varints, bytes for all else. */
export interface WireField {
  readonly field: number;
  /** 0: a varint; 1 and 5: 8 and 4 bytes; 2: text, bytes or a message. */
  readonly wireType: number;
  readonly value: bigint | Buffer;
}

const fieldMax = 2 ** 29 - 1;

/** Throws `RangeError` for what is no message: a length over the end, an unknown wire type. */
export function* readFields(bytes: Buffer): Generator<WireField, undefined> {
  const reader: Reader = { bytes, at: 0 };
  while (reader.at < bytes.length) {
    const tag = readNumber(reader);
    const field = Math.floor(tag / 8);
    if (field < 1 || field > fieldMax) {
      throw new RangeError(`Cannot read a message: there is no field ${field}`);
    }
    const wireType = tag % 8;
    yield { field, wireType, value: readValue(reader, wireType) };
  }
}

/** Throws `RangeError` for a field that has no text, bytes or message. */
export function bytesOf({ wireType, value }: WireField): Buffer {
  if (typeof value === "bigint" || wireType !== 2) {
    throw new RangeError("Cannot read a message: text must be bytes");
  }
  return value;
}

/** Throws `RangeError` for a field that has no varint. */
export function integerOf({ value }: WireField): bigint {
  if (typeof value !== "bigint") throw new RangeError("Cannot read a message: must be a number");
  return value;
}

/** Throws `RangeError` for a field that has no 8 bytes. */
export function doubleOf({ wireType, value }: WireField): number {
  if (typeof value === "bigint" || wireType !== 1) {
    throw new RangeError("Cannot read a message: must be a number of 8 bytes");
  }
  return value.readDoubleLE(0);
}

interface Reader {
  readonly bytes: Buffer;
  at: number;
}

function readValue(reader: Reader, wireType: number): bigint | Buffer {
  switch (wireType) {
    case 0:
      return readVarint(reader);
    case 1:
      return take(reader, 8);
    case 2:
      return take(reader, readNumber(reader));
    case 5:
      return take(reader, 4);
    default:
      throw new RangeError(`Cannot read a message: wire type ${wireType} is unknown`);
  }
}

/** A tag or a length, which is one byte most of the time. */
function readNumber(reader: Reader): number {
  const only = reader.bytes[reader.at];
  if (only === undefined || only > 127) return Number(readVarint(reader));
  reader.at += 1;
  return only;
}

function readVarint(reader: Reader): bigint {
  let value = 0n;
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at++];
    if (byte === undefined) throw new RangeError("Cannot read a message: it ends in a number");
    value |= BigInt(byte & 127) << shift;
    if (byte < 128) return BigInt.asUintN(64, value);
  }
  throw new RangeError("Cannot read a message: a number is longer than 10 bytes");
}

function take(reader: Reader, length: number): Buffer {
  const end = reader.at + length;
  if (end > reader.bytes.length) throw new RangeError("Cannot read a message: it is cut off");
  const taken = reader.bytes.subarray(reader.at, end);
  reader.at = end;
  return taken;
}
