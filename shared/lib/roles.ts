/** The app roles of the product's app registration, each with what the ones before it may. */
const roles: readonly string[] = ["Hubless.Reader", "Hubless.Writer", "Hubless.Admin"];

interface Granted {
  readonly roles: readonly string[];
}

/** See everything but the contents of Secrets. */
export const mayRead = (caller: Granted): boolean => has(caller, 0);
/** Change workloads, placements and update runs. */
export const mayWrite = (caller: Granted): boolean => has(caller, 1);
/** Change fleets, members and who may do what; see the contents of Secrets. */
export const mayAdminister = (caller: Granted): boolean => has(caller, 2);

const has = ({ roles: granted }: Granted, least: number): boolean =>
  roles.slice(least).some((role) => granted.includes(role));
