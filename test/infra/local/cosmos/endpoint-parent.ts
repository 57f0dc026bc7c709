/** A process that starts an endpoint in a child of its own, says where, and waits to be killed. */
import { spawnCosmosEndpoint } from "../../../../infra/local/cosmos/spawn-cosmos-endpoint.ts";

const { url } = await spawnCosmosEndpoint({});
process.send?.({ url });
