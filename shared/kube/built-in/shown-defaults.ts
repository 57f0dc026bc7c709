/**
 * The defaults that clients in Go take for granted and crash without, as a kube-apiserver sets
 * them. They are shown and never stored: a template goes to the members as it was written, where a
 * `replicas: 1` that nobody has asked for would fight an autoscaler.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/
 */
import type { JsonObject } from "../../lib/kube-object.ts";
import type { ShownDefaults } from "../served-kind.ts";

const spec = (below: ShownDefaults): ShownDefaults => ({ fields: { spec: below } });

const azureDisk: ShownDefaults = {
  values: { cachingMode: "ReadWrite", fsType: "ext4", kind: "Shared", readOnly: false },
};

const hour = 3600;

const source: ShownDefaults = {
  fields: { serviceAccountToken: { values: { expirationSeconds: hour } } },
};

const probe: ShownDefaults = { fields: { grpc: { values: { service: "" } } } };

const container: ShownDefaults = {
  fields: { livenessProbe: probe, readinessProbe: probe, startupProbe: probe },
};

const podSpec: ShownDefaults = {
  items: {
    containers: container,
    initContainers: container,
    volumes: { fields: { azureDisk, projected: { items: { sources: source } } } },
  },
};

const template = spec(podSpec);

/** What a rolling update is by default, unless the type is another one. */
function rolling(rollingUpdate: JsonObject): ShownDefaults {
  const isRolling = ({ type = "RollingUpdate" }: JsonObject) => type === "RollingUpdate";
  return {
    values: (strategy) => (isRolling(strategy) ? { type: "RollingUpdate", rollingUpdate } : {}),
    fields: { rollingUpdate: { values: rollingUpdate } },
  };
}

/** A spec's defaults, with a strategy that is shown even where there is none. */
function withStrategy(
  name: "strategy" | "updateStrategy",
  rollingUpdate: JsonObject,
  values: JsonObject = {},
): ShownDefaults {
  return spec({
    values: { ...values, [name]: { type: "RollingUpdate", rollingUpdate } },
    fields: { template, [name]: rolling(rollingUpdate) },
  });
}

const replicas = { replicas: 1 };

export const pod = spec(podSpec);

export const podTemplate: ShownDefaults = { fields: { template } };

export const replicated = spec({ values: replicas, fields: { template } });

export const deployment = withStrategy(
  "strategy",
  { maxSurge: "25%", maxUnavailable: "25%" },
  replicas,
);

export const statefulSet = withStrategy("updateStrategy", { partition: 0 }, replicas);

export const daemonSet = withStrategy("updateStrategy", { maxSurge: 0, maxUnavailable: 1 });

/** So many failures of a Job whose indexes are counted one by one: as many as there can be. */
const int32Max = 2_147_483_647;

export const job = spec({
  values: ({ parallelism, completions, backoffLimitPerIndex }) => ({
    // As many as are wanted are run until one has succeeded, or one alone.
    ...((parallelism ?? completions) === undefined && { completions: 1 }),
    parallelism: 1,
    backoffLimit: backoffLimitPerIndex === undefined ? 6 : int32Max,
    suspend: false,
  }),
  fields: { template },
});

export const cronJob = spec({
  values: { suspend: false },
  fields: { jobTemplate: spec({ fields: { template } }) },
});

export const autoscaler = spec({ values: { minReplicas: 1 } });

export const priorityClass: ShownDefaults = {
  values: { preemptionPolicy: "PreemptLowerPriority" },
};

export const volume = spec({ fields: { azureDisk } });

export const endpointSlice: ShownDefaults = {
  items: { ports: { values: { name: "", protocol: "TCP" } } },
};
