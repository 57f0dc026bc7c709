/** Built-in kinds with what a cluster's OpenAPI says of them, and one with a schema of its own. */
import { simulatedSchemas } from "../../../infra/local/member-cluster/open-api/simulated-schemas.ts";
import { builtInKinds } from "../../../shared/kube/built-in/built-in-kinds.ts";
import { kindsOf } from "../../../shared/kube/kinds.ts";
import { withLearnt } from "../../../shared/kube/openapi/with-learnt.ts";
import { type KubeFixture, kubeFixture, widget } from "../kube-fixture.ts";

export const plainKinds = kindsOf([...builtInKinds(), widget]);

export const learntKinds = withLearnt(plainKinds, simulatedSchemas());

/** An API that has learnt what built-in kinds are. */
export const learntFixture = async (): Promise<KubeFixture> =>
  await kubeFixture({ kinds: learntKinds });
