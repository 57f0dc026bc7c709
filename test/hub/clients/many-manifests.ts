/** A YAML file of hundreds of documents, with all that people write into such files. */

const perNamespace = 8;
const spaces = ["one", "two", "three"];

interface Template {
  readonly apiVersion: string;
  readonly kind: string;
  /** What stands below the metadata. */
  readonly rest: string;
}

const pod = `    metadata: {labels: *labels}
    spec:
      containers:
        - name: main   # the only one
          image: "nginx:1"
          ports: [{containerPort: 80, protocol: TCP}]
          env:
            - {name: TEXT, value: "yes"}
            - name: LONG
              value: >-
                folded
                text`;

const selector = `  selector: {matchLabels: *labels}
  template:
${pod}`;

const templates: readonly Template[] = [
  { apiVersion: "v1", kind: "ConfigMap", rest: 'data:\n  text: |\n    a\n    b\n  "on": "off"' },
  { apiVersion: "v1", kind: "Secret", rest: "type: Opaque\ndata: {password: czNjcmV0}" },
  { apiVersion: "v1", kind: "ServiceAccount", rest: "automountServiceAccountToken: false" },
  {
    apiVersion: "v1",
    kind: "Service",
    rest: "spec:\n  selector: *labels\n  ports: [{port: 80, targetPort: 8080, protocol: TCP}]",
  },
  { apiVersion: "apps/v1", kind: "Deployment", rest: `spec:\n  replicas: 2\n${selector}` },
  {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    rest: `spec:\n  serviceName: x\n  replicas: 1\n${selector}`,
  },
  { apiVersion: "apps/v1", kind: "DaemonSet", rest: `spec:\n${selector}` },
  {
    apiVersion: "batch/v1",
    kind: "CronJob",
    rest: `spec:
  schedule: "*/5 * * * *"
  jobTemplate:
    spec:
      template:
        spec: {restartPolicy: Never, containers: [{name: main, image: x}]}`,
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    rest: `spec:
  rules:
    - host: example.com
      http:
        paths:
          - path: /
            pathType: Prefix
            backend: {service: {name: web, port: {number: 80}}}`,
  },
  {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    rest: "spec: {podSelector: {}, policyTypes: [Ingress]}",
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "Role",
    rest: 'rules: [{apiGroups: [""], resources: [pods], verbs: [get, list]}]',
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "RoleBinding",
    rest: `roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}]`,
  },
  {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    rest: "spec: {minAvailable: 1, selector: {matchLabels: *labels}}",
  },
];

/** How many lines kubectl prints: all objects but the definition, and one namespace each. */
export const objectsIn = spaces.length * (1 + perNamespace * (templates.length + 1));

export interface ManifestText {
  /** The definition of the kind "Part". */
  readonly definition: string;
  /** Namespaces first, then everything else, resources of the defined kind among it. */
  readonly rest: string;
}

/** In namespaces of this prefix; Windows line ends in every second document. */
export function manifestText(prefix: string): ManifestText {
  const group = `${prefix}.example.com`;
  const part: Template = {
    apiVersion: `${group}/v1`,
    kind: "Part",
    rest: "spec: {size: 3, tags: [a, b]}",
  };
  const documents = spaces.flatMap((space) => [
    "apiVersion: v1\nkind: Namespace\n" +
      `metadata: {name: ${prefix}-${space}, labels: {of: ${prefix}}}\n`,
    ...[...templates, part].flatMap((template) => documentsOf(template, `${prefix}-${space}`)),
  ]);
  const ended = documents.map((text, index) =>
    index % 2 === 0 ? text : text.replaceAll("\n", "\r\n"),
  );
  return {
    definition: definitionOf(group),
    rest: `# Source: chart/templates\n---\n${ended.join("---\n")}---\n# nothing follows\n`,
  };
}

/** One of a kind as a list, the others as documents. */
function documentsOf({ apiVersion, kind, rest }: Template, space: string): readonly string[] {
  return Array.from({ length: perNamespace }, (_, index) => {
    const name = `${kind.toLowerCase()}-${index}`;
    const labels = `labels: &labels {app: ${name}, "app.kubernetes.io/managed-by": Helm}`;
    const metadata = `metadata:\n  name: ${name}\n  namespace: ${space}\n  ${labels}`;
    const type = `apiVersion: ${apiVersion}\nkind: ${kind}`;
    const text = `# Source: chart/${name}.yaml\n${type}\n${metadata}\n${rest}\n`;
    return index === 0 ? listOf(text) : text;
  });
}

function listOf(text: string): string {
  const lines = text.trimEnd().split("\n");
  const indented = lines.map((line, index) => `${index === 0 ? "  - " : "    "}${line}`);
  return `apiVersion: v1\nkind: List\nitems:\n${indented.join("\n")}\n`;
}

const definitionOf = (group: string): string => `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: parts.${group}
spec:
  group: ${group}
  scope: Namespaced
  names: {plural: parts, singular: part, kind: Part}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                size: {type: integer}
                tags: {type: array, items: {type: string}}
`;
