import type { SliceKept } from "./objects.ts";

/** How many endpoints of each Service are ready, over all of its EndpointSlices. */
export interface ReadyEndpoints {
  /** Returns the Services, as "namespace/name", whose count may have changed. */
  change(slice: SliceKept, isDeleted: boolean): readonly string[];
  count(service: string): number;
}

export function readyEndpoints(): ReadyEndpoints {
  const serviceOfSlice = new Map<string, string>();
  const slicesOfService = new Map<string, Map<string, number>>();

  function remove(slice: string): readonly string[] {
    const service = serviceOfSlice.get(slice);
    if (service === undefined) return [];
    serviceOfSlice.delete(slice);
    const slices = slicesOfService.get(service);
    slices?.delete(slice);
    if (slices?.size === 0) slicesOfService.delete(service);
    return [service];
  }

  return {
    change({ metadata, service, readyEndpoints: ready }, isDeleted) {
      const slice = `${metadata.namespace}/${metadata.name}`;
      const before = remove(slice);
      if (isDeleted || service === "") return before;
      const name = `${metadata.namespace}/${service}`;
      serviceOfSlice.set(slice, name);
      const slices = slicesOfService.get(name) ?? new Map<string, number>();
      slices.set(slice, ready);
      slicesOfService.set(name, slices);
      return before.includes(name) ? before : [...before, name];
    },
    count(service) {
      let sum = 0;
      for (const ready of slicesOfService.get(service)?.values() ?? []) sum += ready;
      return sum;
    },
  };
}
