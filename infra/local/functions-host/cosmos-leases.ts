import { type Container, ErrorResponse, StatusCodes } from "@azure/cosmos";
import type { LeaseBody, LeaseSaved, LeaseStore } from "./change-feed.ts";

/** Leases as documents of a container whose partition key is `/id`. */
export function cosmosLeases(container: Container): LeaseStore {
  return {
    read: async (id) => {
      const { resource, etag } = await container.item(id, id).read<LeaseBody>();
      return resource && { body: resource, etag };
    },
    save: async (id, body, read): Promise<LeaseSaved> => {
      try {
        const { etag } =
          read === undefined
            ? await container.items.create({ id, ...body })
            : await container
                .item(id, id)
                .replace(
                  { id, ...body },
                  { accessCondition: { type: "IfMatch", condition: read.etag } },
                );
        return { kind: "saved", lease: { body, etag } };
      } catch (error) {
        if (isLostRace(error)) return { kind: "changed-meanwhile" };
        throw error;
      }
    },
  };
}

/** 409: created meanwhile. 412: replaced meanwhile. 404: deleted meanwhile. */
function isLostRace(error: unknown): boolean {
  const lost = [StatusCodes.Conflict, StatusCodes.PreconditionFailed, StatusCodes.NotFound];
  return error instanceof ErrorResponse && lost.some((code) => code === Number(error.code));
}
