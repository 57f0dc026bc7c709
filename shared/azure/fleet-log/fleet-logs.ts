import type { FleetId } from "../../lib/document.ts";
import { type FleetLog, type FleetLogOptions, fleetLog } from "./fleet-log.ts";

/** So many fleets are remembered while nothing is committed to them. */
const idleFleetsMax = 1_000;

/** The log of each fleet that this process has to do with. */
export function fleetLogs(options: Omit<FleetLogOptions, "fleet">): (fleet: FleetId) => FleetLog {
  const logs = new Map<FleetId, FleetLog>();
  return (fleet) => {
    const known = logs.get(fleet);
    if (known !== undefined) return known;
    for (const [id, log] of logs) {
      if (logs.size < idleFleetsMax) break;
      if (log.isIdle()) logs.delete(id);
    }
    const made = fleetLog({ fleet, ...options });
    logs.set(fleet, made);
    return made;
  };
}
