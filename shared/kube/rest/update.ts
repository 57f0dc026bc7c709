import type { Document } from "../../lib/document.ts";
import type { KubeBody } from "../../lib/kube-object.ts";
import type { AdmissionAttributes } from "../admission.ts";
import { invalidValue } from "../field-errors.ts";
import { writeOptionsOf } from "../http/query-options.ts";
import { omit } from "../json.ts";
import { withoutShown } from "../object/shown-defaults.ts";
import { storedObject } from "../object/to-object.ts";
import type { KubeObject } from "../served-kind.ts";
import { invalid, modifiedMeanwhile } from "../status-error.ts";
import { changeOrMake } from "./change-or-make.ts";
import { commitTo } from "./commit.ts";
import { createFrom } from "./create.ts";
import { hasVersion } from "./has-version.ts";
import { incomingObject } from "./incoming.ts";
import { nextState, type Update } from "./next-state.ts";
import { respondObject, viewOf } from "./present.ts";
import { readDocument } from "./read.ts";
import type { ObjectRequest } from "./resource-request.ts";
import { untilMade } from "./until-made.ts";

/** PUT of an object, which makes one of some kinds, or of what is below it. */
export async function replaceObject(request: ObjectRequest): Promise<Response> {
  const options = writeOptionsOf(request.request, request.query);
  const warnings: string[] = [];
  const object = await incomingObject(request, options.fieldValidation, warnings);
  const replace = async (): Promise<Response> => {
    const change = (live: KubeObject): KubeObject => {
      checkConditional(object, request);
      return withoutShown(object, live, request.kind);
    };
    const document = await updateDocument({ request, options, warnings, change });
    return respondObject(await viewOf(document, request), request, { warnings });
  };
  if (request.kind.isMadeByPut !== true || request.subresource !== undefined) {
    return await replace();
  }
  const make = async (): Promise<Response> => {
    const metadata = omit(object.metadata, ["resourceVersion"]);
    const fresh: KubeObject = { ...object, metadata };
    return await createFrom({ request, options, object: fresh, isApplied: false, warnings });
  };
  return await changeOrMake(request, object, { change: replace, make });
}

/** Custom resources are only replaced by who has read them; Kubernetes' own kinds by anyone. */
function checkConditional({ metadata }: KubeObject, { kind, version, name }: ObjectRequest): void {
  if (version.mergeShape !== undefined || hasVersion(metadata["resourceVersion"])) return;
  const because = "must be specified for an update";
  // It names the resource here, not the kind.
  const subject = { kind: kind.plural, group: kind.group };
  throw invalid(subject, name, [invalidValue("metadata.resourceVersion", 0, because)]);
}

/**
 * Changes the document and returns it as it is then; as it would be, for a dry run. A write that
 * changes nothing is not made. Throws 409 when the client read an older version, or when others
 * overtake the write all the time.
 */
export async function updateDocument(update: Update): Promise<Document<KubeBody>> {
  const { request, warnings } = update;
  const told = warnings.length;
  const document = await untilMade(request, async () => {
    warnings.length = told;
    return await tryUpdate(update);
  });
  if (document === undefined) throw modifiedMeanwhile(request.kind, request.name);
  return document;
}

/** Undefined: somebody else was faster. */
async function tryUpdate(update: Update): Promise<Document<KubeBody> | undefined> {
  const { request, options } = update;
  const document = await readDocument(request);
  const next = nextState(document, update);
  await checkAdmission({ ...document, body: next.body }, document, update);
  const after = { ...document, body: next.body, generation: next.generation };
  if (options.dryRun) return after;
  if (next.write === undefined) return document;
  const committed = await commitTo(request.api, { writes: [next.write] });
  if (committed.kind !== "saved") return undefined;
  const [saved] = committed.documents as readonly (Document<KubeBody> | undefined)[];
  return saved ?? after;
}

async function checkAdmission(
  next: Document<KubeBody>,
  document: Document<KubeBody>,
  { request, options }: Update,
): Promise<void> {
  const { api, kind, namespace, name, subresource } = request;
  const attributes: AdmissionAttributes = {
    operation: "update",
    kind,
    ...(namespace !== undefined && { namespace }),
    name,
    ...(subresource !== undefined && { subresource }),
    dryRun: options.dryRun,
  };
  await api.admit?.(attributes, storedObject(next, kind), storedObject(document, kind));
}
