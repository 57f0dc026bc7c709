import type { Container } from "./container.ts";
import { sessionToken } from "./container.ts";
import type { Refusal } from "./refusal.ts";
import { rounded } from "./request-units.ts";
import type { WireAnswer } from "./wire.ts";

/** An answer with what it costs, which throttling and statistics need as a number. */
export interface Answer extends WireAnswer {
  readonly charge: number;
}

interface AnswerParts {
  readonly status: number;
  readonly charge: number;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function answer({ status, charge, body = "", headers = {} }: AnswerParts): Answer {
  return { status, charge, body, headers: { ...headers, "x-ms-request-charge": String(charge) } };
}

/** The same answer at a multiple of its cost. */
export function scaled(given: Answer, factor: number): Answer {
  const charge = rounded(given.charge * factor);
  const headers = { ...given.headers, "x-ms-request-charge": String(charge) };
  return { ...given, charge, headers };
}

/** An error as the SDK expects it: `{ code, message }`, and the substatus in a header. */
export function refused(refusal: Refusal): Answer {
  const { status, code, message, charge, substatus, retryAfterMs } = refusal;
  return answer({
    status,
    charge,
    body: JSON.stringify({ code, message }),
    headers: {
      ...(substatus === undefined ? {} : { "x-ms-substatus": String(substatus) }),
      ...(retryAfterMs === undefined ? {} : { "x-ms-retry-after-ms": String(retryAfterMs) }),
    },
  });
}

/** Headers of an answer about a container's items, as of a log sequence number. */
export function containerHeaders(container: Container, lsn: number): Record<string, string> {
  const { database, definition } = container;
  const [databaseId, id] = [database, definition.id].map((each) => encodeURIComponent(each));
  return {
    "x-ms-session-token": sessionToken(lsn),
    lsn: String(lsn),
    "x-ms-content-path": definition._rid,
    "x-ms-alt-content-path": `dbs/${databaseId}/colls/${id}`,
  };
}

/** A page of items or rows, each of which is JSON already. */
export function documentsBody({ definition }: Container, rows: readonly string[]): string {
  const rid = JSON.stringify(definition._rid);
  return `{"_rid":${rid},"Documents":[${rows.join(",")}],"_count":${rows.length}}`;
}
