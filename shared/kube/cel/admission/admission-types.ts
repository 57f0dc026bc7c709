/** What the variables of admission are: their types, and what can be done with them. */

/** The fields of a type, and the types of these. */
type Fields = Readonly<Record<string, string>>;

const text = "string";
const texts = "list<string>";
const time = "google.protobuf.Timestamp";

const groupVersionKind: Fields = { group: text, version: text, kind: text };
const groupVersionResource: Fields = { group: text, version: text, resource: text };

/**
 * The objects whose fields are known, each after those that it has.
 *
 * @see https://kubernetes.io/docs/reference/config-api/apiserver-admission.v1/
 */
export const admissionTypes: Readonly<Record<string, Fields>> = {
  "kubernetes.GroupVersionKind": groupVersionKind,
  "kubernetes.GroupVersionResource": groupVersionResource,
  "kubernetes.UserInfo": {
    username: text,
    uid: text,
    groups: texts,
    extra: `map<string, ${texts}>`,
  },
  "kubernetes.AdmissionRequest": {
    kind: "kubernetes.GroupVersionKind",
    resource: "kubernetes.GroupVersionResource",
    subResource: text,
    requestKind: "kubernetes.GroupVersionKind",
    requestResource: "kubernetes.GroupVersionResource",
    requestSubResource: text,
    name: text,
    namespace: text,
    operation: text,
    userInfo: "kubernetes.UserInfo",
    dryRun: "bool",
    options: "dyn",
  },
  "kubernetes.NamespaceMetadata": {
    name: text,
    generateName: text,
    namespace: text,
    labels: "map<string, string>",
    annotations: "map<string, string>",
    UID: text,
    creationTimestamp: time,
    deletionGracePeriodSeconds: "int",
    deletionTimestamp: time,
    generation: "int",
    resourceVersion: text,
    finalizers: texts,
  },
  "kubernetes.NamespaceCondition": {
    status: text,
    type: text,
    lastTransitionTime: time,
    message: text,
    reason: text,
  },
  "kubernetes.NamespaceSpec": { finalizers: texts },
  "kubernetes.NamespaceStatus": { conditions: "list<kubernetes.NamespaceCondition>", phase: text },
  "kubernetes.Namespace": {
    metadata: "kubernetes.NamespaceMetadata",
    spec: "kubernetes.NamespaceSpec",
    status: "kubernetes.NamespaceStatus",
  },
};

const authorizer = "kubernetes.authorization.Authorizer";
const pathCheck = "kubernetes.authorization.PathCheck";
const groupCheck = "kubernetes.authorization.GroupCheck";
const resourceCheck = "kubernetes.authorization.ResourceCheck";
const decision = "kubernetes.authorization.Decision";

/** What authorization is asked with. */
export const authorizerTypes: Readonly<Record<string, Fields>> = {
  [decision]: {},
  [pathCheck]: {},
  [resourceCheck]: {},
  [groupCheck]: {},
  [authorizer]: { requestResource: resourceCheck },
};

/** @see https://kubernetes.io/docs/reference/using-api/cel/#kubernetes-authorizer-library */
export const authorizerFunctions: readonly string[] = [
  `${authorizer}.path(string): ${pathCheck}`,
  `${authorizer}.group(string): ${groupCheck}`,
  `${authorizer}.serviceAccount(string, string): ${authorizer}`,
  `${groupCheck}.resource(string): ${resourceCheck}`,
  ...["subresource", "namespace", "name", "fieldSelector", "labelSelector"].map(
    (name) => `${resourceCheck}.${name}(string): ${resourceCheck}`,
  ),
  `${pathCheck}.check(string): ${decision}`,
  `${resourceCheck}.check(string): ${decision}`,
  `${decision}.allowed(): bool`,
  `${decision}.reason(): string`,
  `${decision}.errored(): bool`,
  `${decision}.error(): string`,
];

/** The type of "variables". */
export const variablesType = "kubernetes.variables";
