import type { Fleet } from "../fleet/model.ts";
import type { Document } from "../lib/document.ts";
import { provider } from "./arm-path.ts";
import { etagOf } from "./conditions.ts";
import type { AdminCall, ServedResource } from "./served-resource.ts";

/** The resource with what ARM shows of every one. */
export async function shown(
  resource: ServedResource,
  document: Document,
  call: AdminCall,
): Promise<unknown> {
  const { properties, ...more } = await resource.show(document, call);
  const [, child] = resource.type.split("/");
  const fleetId = call.fleet?.body.armId ?? (document.body as Fleet).armId;
  const id = child === undefined ? fleetId : `${fleetId}/${child}/${document.key.name}`;
  return {
    id,
    name: document.key.name,
    type: `${provider}/${resource.type}`,
    eTag: etagOf(document),
    ...more,
    properties,
  };
}
