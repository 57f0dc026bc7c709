import type { EventGridPublisherClient } from "@azure/eventgrid";
import type { Notices } from "../effects/notices.ts";

/** Event Grid takes 1 MB a request; notices are small. */
const noticesPerRequestMax = 100;

/** Notices as CloudEvents on the fleet's own topic. */
export function eventGridNotices(topic: EventGridPublisherClient<"CloudEvent">): Notices {
  return {
    async tell(notices) {
      for (let from = 0; from < notices.length; from += noticesPerRequestMax) {
        const some = notices.slice(from, from + noticesPerRequestMax);
        await topic.send(some.map((notice) => ({ ...notice, time: new Date() })));
      }
    },
  };
}
