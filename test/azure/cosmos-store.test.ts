import { storeContract } from "../effects/store.contract.ts";
import { openCosmos } from "./fleet-log/local-cosmos.ts";

storeContract("cosmosStore", async () => {
  const cosmos = await openCosmos();
  const tombstoneSeconds = 3_600;
  const options = { tombstoneSeconds, lagSeconds: 0.2 };
  const store = cosmos.store(options);
  return { store, other: cosmos.store(options), clock: cosmos.clock, tombstoneSeconds };
});
