import { provider } from "./arm-path.ts";
import type { ServedResource } from "./served-resource.ts";

/** `GET /providers/Microsoft.ContainerService/operations`: what roles can be given for. */
export function providerOperations(resources: readonly ServedResource[]): unknown {
  return { value: resources.flatMap(operationsOf) };
}

function operationsOf({ type, actions = {} }: ServedResource): unknown[] {
  const verbs = [
    "read",
    "write",
    "delete",
    ...Object.keys(actions).map((name) => `${name}/action`),
  ];
  return verbs.map((verb) => ({
    name: `${provider}/${type}/${verb}`,
    isDataAction: false,
    display: {
      provider: "Hubless",
      resource: type,
      operation: verb,
      description: `${verb} of ${type}`,
    },
  }));
}
