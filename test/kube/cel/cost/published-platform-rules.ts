import {
  bool,
  int,
  intOrText,
  list,
  map,
  object,
  oneOf,
  type PublishedRules,
  ruled,
  text,
} from "./schema-parts.ts";

const requirement = object(
  {
    key: text(316),
    operator: oneOf("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
    values: list(text()),
    minValues: int,
  },
  ["key", "operator"],
);

const condition = object(
  { type: text(316), status: oneOf("True", "False", "Unknown"), reason: text(1024) },
  ["type", "status"],
);

/** Rules of operators, with the parts of their schemas that they are about. */
export const platformRules: readonly PublishedRules[] = [
  {
    about: "cert-manager: a request does not change",
    schema: ruled(object({ issuerRef: object({ name: text(), kind: text() }) }), "self == oldSelf"),
    boundless: [],
  },
  {
    about: "Karpenter: requirements have the values of their operators",
    schema: ruled(
      list(requirement, 100),
      "self.all(x, x.operator == 'In' ? x.values.size() != 0 : true)",
      "self.all(x, (x.operator == 'Gt' || x.operator == 'Lt') ? " +
        "(x.values.size() == 1 && int(x.values[0]) >= 0) : true)",
      "self.all(x, (x.operator == 'In' && has(x.minValues)) ? " +
        "x.values.size() >= x.minValues : true)",
    ),
    boundless: [],
  },
  {
    about: "Karpenter: labels are not of Kubernetes' domains",
    schema: ruled(
      map(text(63), 100),
      "self.all(x, x in ['beta.kubernetes.io/instance-type', 'topology.kubernetes.io/zone', " +
        "'kubernetes.io/arch', 'kubernetes.io/os'] || " +
        "x.find('^([^/]+)').endsWith('node.kubernetes.io') || " +
        "!x.find('^([^/]+)').endsWith('kubernetes.io'))",
      "self.all(x, x != 'kubernetes.io/hostname')",
    ),
    boundless: ["rule 0: 1.140324x"],
  },
  {
    about: "Karpenter: eviction signals are known",
    schema: ruled(
      map(text()),
      "self.all(x, x in ['memory.available', 'nodefs.available', 'nodefs.inodesFree'])",
    ),
    boundless: [],
  },
  {
    about: "Karpenter: reserved resources are known, and not negative",
    schema: ruled(
      map(intOrText),
      "self.all(x, x == 'cpu' || x == 'memory' || x == 'ephemeral-storage' || x == 'pid')",
      "self.all(x, !self[x].startsWith('-'))",
    ),
    boundless: [],
  },
  {
    about: "Karpenter: a budget of a schedule has a duration",
    schema: ruled(
      list(object({ nodes: text(), schedule: text(), duration: text() }, ["nodes"]), 50),
      "self.all(x, has(x.schedule) == has(x.duration))",
    ),
    boundless: [],
  },
  {
    about: "Karpenter: each soft signal has a grace period",
    schema: ruled(
      object({ evictionSoft: map(text()), evictionSoftGracePeriod: map(text()) }),
      "has(self.evictionSoft) ? " +
        "self.evictionSoft.all(e, (e in self.evictionSoftGracePeriod)) : true",
    ),
    boundless: [],
  },
  {
    about: "Karpenter: terms select by one thing",
    schema: ruled(
      list(object({ tags: map(text(), 20), id: text(30), name: text(64), alias: text(30) }), 30),
      "self.all(x, has(x.tags) || has(x.id) || has(x.name) || has(x.alias))",
      "!self.exists(x, has(x.alias) && (has(x.id) || has(x.tags) || has(x.name)))",
      "!(self.exists(x, has(x.alias)) && self.size() != 1)",
    ),
    boundless: [],
  },
  {
    about: "Kueue: flavors have the resources that are covered",
    schema: list(
      ruled(
        object({
          coveredResources: list(text(), 64),
          flavors: list(object({ name: text(253), resources: list(object({ a: int }), 64) }), 64),
        }),
        "self.flavors.all(x, size(x.resources) == size(self.coveredResources))",
      ),
      16,
    ),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "Kueue: nothing is borrowed without a cohort",
    schema: ruled(
      object({
        cohort: text(253),
        groups: list(
          object({ flavors: list(object({ resources: list(object({ limit: int }), 16) }), 16) }),
          16,
        ),
      }),
      "!has(self.cohort) && has(self.groups) ? " +
        "self.groups.all(g, g.flavors.all(f, f.resources.all(r, !has(r.limit)))) : true",
    ),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "Kueue: reclaimable pods are of pod sets",
    schema: ruled(
      object({
        podSets: list(object({ name: text(63), count: int }), 8),
        reclaimable: list(object({ name: text(63), count: int }), 8),
        conditions: list(condition, 16),
      }),
      "self.conditions.exists(c, c.type == 'QuotaReserved' && c.status == 'True') ? " +
        "self.podSets.size() == oldSelf.podSets.size() : true",
      "has(self.reclaimable) ? " +
        "self.reclaimable.all(r, r.name in self.podSets.map(p, p.name)) : true",
    ),
    boundless: ["rule 1: more than 100x"],
  },
  {
    about: "Cluster API: something is set",
    schema: ruled(
      object({ paused: bool, network: object({ port: int }) }),
      "has(self.paused) || has(self.network)",
    ),
    boundless: [],
  },
  {
    about: "Crossplane: a pipeline has steps",
    schema: ruled(
      object({ mode: oneOf("Pipeline"), pipeline: list(object({ step: text() }, ["step"]), 99) }),
      "self.mode == 'Pipeline' ? size(self.pipeline) > 0 : true",
    ),
    boundless: [],
  },
  {
    about: "external-secrets: a store is named, or found",
    schema: ruled(
      object({
        storeRef: object({ name: text(253) }),
        dataFrom: list(object({ key: text() }), 50),
      }),
      "has(self.storeRef) || (has(self.dataFrom) && self.dataFrom.size() > 0)",
    ),
    boundless: [],
  },
  {
    about: "Grafana: a value is from one source",
    schema: list(
      object({
        from: ruled(
          object({
            configMapKeyRef: object({ key: text() }),
            secretKeyRef: object({ key: text() }),
          }),
          "(has(self.configMapKeyRef) && !has(self.secretKeyRef)) || " +
            "(!has(self.configMapKeyRef) && has(self.secretKeyRef))",
        ),
      }),
      99,
    ),
    boundless: [],
  },
  {
    about: "Ledger: metadata is indexed once",
    schema: ruled(
      list(object({ target: oneOf("account", "transaction"), key: text(256) }), 64),
      "self.all(x, self.exists_one(y, y.target == x.target && y.key == x.key))",
    ),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "a volume grows",
    schema: ruled(intOrText, "quantity(string(self)).compareTo(quantity('1Gi')) >= 0"),
    boundless: [],
  },
  {
    about: "a request is below a limit",
    schema: ruled(
      object({ requests: text(32), limits: text(32) }),
      "quantity(self.requests).compareTo(quantity(self.limits)) <= 0",
    ),
    boundless: [],
  },
  {
    about: "conditions are of types of their own",
    schema: ruled(list(condition, 8), "self.all(c, self.exists_one(d, c.type == d.type))"),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "a URL is of the web",
    schema: ruled(
      text(2048),
      "isURL(self) && url(self).getScheme() in ['https', 'http'] && url(self).getHostname() != ''",
    ),
    boundless: [],
  },
  {
    about: "a field is set once",
    schema: ruled(
      object({ a: text(), b: int }),
      "!has(oldSelf.a) || has(self.a)",
      "self.b >= oldSelf.b",
    ),
    boundless: [],
  },
];
