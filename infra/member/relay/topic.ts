import { type AzureKeyCredential, EventGridPublisherClient } from "@azure/eventgrid";
import type { TokenCredential } from "@azure/identity";
import { listingType, snapshotType } from "../../../shared/traffic/model.ts";
import type { Snapshot } from "./snapshots.ts";

export interface TopicOptions {
  /** "https://hubless.eastus-1.eventgrid.azure.net/api/events" */
  readonly endpoint: string;
  readonly credential: TokenCredential | AzureKeyCredential;
}

export interface Speaker {
  /** The ARM id of the cluster. */
  readonly clusterId: string;
  readonly epoch: number;
  /**
   * A token for the product's own API. Event Grid does not tell a subscriber who published an
   * event, so each event says it itself.
   */
  readonly token: () => Promise<string>;
}

/** The product's custom topic. */
export interface Topic {
  tellSnapshots(snapshots: readonly Snapshot[], speaker: Speaker): Promise<void>;
  /** The names of all exports there are. */
  tellListing(names: readonly string[], speaker: Speaker): Promise<void>;
}

/** Our own loop tries again, with the newest snapshots: the SDK must not repeat old ones. */
const clientOptions = { retryOptions: { maxRetries: 0 } } as const;

export function topic({ endpoint, credential }: TopicOptions): Topic {
  const client = new EventGridPublisherClient(endpoint, "CloudEvent", credential, clientOptions);

  async function told({ clusterId, epoch, token }: Speaker) {
    const observedAt = new Date();
    return {
      event: { source: clusterId, time: observedAt, datacontenttype: "application/json" },
      told: {
        cluster: clusterId,
        epoch,
        observedAt: observedAt.toISOString(),
        token: await token(),
      },
    };
  }

  return {
    async tellSnapshots(snapshots, speaker) {
      const { event, told: common } = await told(speaker);
      await client.send(
        snapshots.map(({ name, sequence, export: seen }) => ({
          ...event,
          type: snapshotType,
          id: `${speaker.epoch}-${sequence}`,
          subject: subjectOf(name),
          data: { ...common, sequence, export: seen },
        })),
      );
    },
    async tellListing(names, speaker) {
      const { event, told: common } = await told(speaker);
      const content = { ...common, exports: names };
      await client.send([
        { ...event, type: listingType, subject: "/serviceexports", data: content },
      ]);
    },
  };
}

function subjectOf(name: string): string {
  const [namespace, service] = name.split("/");
  return `/namespaces/${namespace}/serviceexports/${service}`;
}
