import { parseWake } from "./azure/wire/wake.ts";
import type { Effects } from "./effects/effects.ts";
import { keyText } from "./lib/document.ts";
import { shortHash } from "./lib/hash.ts";

/**
 * A wake failed as often as the queue allows. It is set aside, so one sick document does not stop
 * the others; people hear of it in the log and on the fleet's topic. The five-minute look wakes
 * the document again if it still owes something.
 */
export async function reportPoison(message: unknown, effects: Effects): Promise<void> {
  const { key } = parseWake(message);
  const text = keyText(key);
  effects.log.error("Cannot look at a document: its wake failed five times", { key: text });
  await effects.notices.tell([
    {
      type: "Hubless.Fleet.WakePoisoned",
      source: key.fleet === "" ? key.name : key.fleet,
      subject: `/${key.kind}/${key.namespace === undefined ? "" : `${key.namespace}/`}${key.name}`,
      id: shortHash(`${text} ${effects.clock.now()}`, 32),
      data: { key: { ...key } },
    },
  ]);
}
