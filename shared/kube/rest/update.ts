import type { Document } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import { invalidValue } from "../field-errors.ts";
import { writeOptionsOf } from "../http/query-options.ts";
import { isString } from "../json.ts";
import type { KubeObject } from "../served-kind.ts";
import { invalid, modifiedMeanwhile } from "../status-error.ts";
import { attemptsMax, commitTo } from "./commit.ts";
import { incomingObject } from "./incoming.ts";
import { nextState, type Update } from "./next-state.ts";
import { respondObject, viewOf } from "./present.ts";
import { readDocument } from "./read.ts";
import type { ObjectRequest } from "./resource-request.ts";

/** PUT of an object, or of its status. */
export async function replaceObject(request: ObjectRequest): Promise<Response> {
  const options = writeOptionsOf(request.request, request.query);
  const object = await incomingObject(request);
  checkConditional(object, request);
  const warnings: string[] = [];
  const document = await updateDocument({ request, options, warnings, change: () => object });
  return respondObject(await viewOf(document, request), request, { warnings });
}

/** Custom resources are only replaced by who has read them; Kubernetes' own kinds by anyone. */
function checkConditional({ metadata }: KubeObject, { kind, version, name }: ObjectRequest): void {
  const given = metadata["resourceVersion"];
  if (version.mergeShape !== undefined || (isString(given) && given !== "")) return;
  const because = "must be specified for an update";
  throw invalid(kind, name, [invalidValue("metadata.resourceVersion", 0, because)]);
}

/**
 * Changes the document and returns it as it is then; as it would be, for a dry run. A write that
 * changes nothing is not made. Throws 409 when the client read an older version, or when others
 * overtake the write again and again.
 */
export async function updateDocument(update: Update): Promise<Document<KubeBody>> {
  const { request, options } = update;
  const { api, kind, name } = request;
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const document = await readDocument(request);
    const next = nextState(document, update);
    if (options.dryRun) return { ...document, body: next.body, generation: next.generation };
    if (next.write === undefined) return document;
    const committed = await commitTo(api, { writes: [next.write] });
    if (committed.kind === "saved") {
      const [saved] = committed.documents as readonly (Document<KubeBody> | undefined)[];
      return saved ?? { ...document, body: next.body, generation: next.generation };
    }
  }
  throw modifiedMeanwhile(kind, name);
}
