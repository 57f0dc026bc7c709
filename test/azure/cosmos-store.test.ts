import { storeContract } from "../effects/store.contract.ts";
import { openCosmos } from "./fleet-log/local-cosmos.ts";

storeContract("cosmosStore", async () => {
  const cosmos = await openCosmos();
  const tombstoneSeconds = 3_600;
  const options = { tombstoneSeconds, lagSeconds: 0.2 };
  const store = cosmos.store(options);
  const other = cosmos.store(options);
  const close = async () => await cosmos.endpoint.close();
  return { store, other, clock: cosmos.clock, tombstoneSeconds, close };
});
