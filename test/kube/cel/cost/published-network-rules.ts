import { int, list, map, object, oneOf, type PublishedRules, ruled, text } from "./schema-parts.ts";

const listener = object(
  {
    name: text(253),
    port: int,
    protocol: text(255),
    hostname: text(253),
    tls: object({ mode: oneOf("Terminate", "Passthrough") }),
  },
  ["name", "port", "protocol"],
);

const parent = object(
  { group: text(253), kind: text(63), name: text(253), sectionName: text(253), port: int },
  ["name"],
);

const pathMatch = object({ type: text(63), value: text(1024) });

/** Rules of Gateway API, Istio and Cilium, with the parts of their schemas that they are about. */
export const networkRules: readonly PublishedRules[] = [
  {
    about: "listeners have names of their own",
    schema: ruled(list(listener, 64), "self.all(l1, self.exists_one(l2, l1.name == l2.name))"),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "listeners are one for a port, a protocol and a hostname",
    schema: ruled(
      list(listener, 64),
      "self.all(l1, self.exists_one(l2, l1.port == l2.port && l1.protocol == l2.protocol && " +
        "(has(l1.hostname) && has(l2.hostname) ? l1.hostname == l2.hostname : " +
        "!has(l1.hostname) && !has(l2.hostname))))",
      "self.all(l, l.protocol in ['HTTP', 'TCP', 'UDP'] ? !has(l.tls) : true)",
    ),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "parents are each named once",
    schema: ruled(
      list(parent, 32),
      "self.all(p1, self.exists_one(p2, p1.group == p2.group && p1.kind == p2.kind && " +
        "p1.name == p2.name && (!has(p1.sectionName) && !has(p2.sectionName) || " +
        "has(p1.sectionName) && has(p2.sectionName) && p1.sectionName == p2.sectionName)))",
    ),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "a Service has a port",
    schema: list(
      object({
        backendRefs: list(
          ruled(
            parent,
            "(size(self.group) == 0 && self.kind == 'Service') ? has(self.port) : true",
          ),
          16,
        ),
      }),
      16,
    ),
    boundless: [],
  },
  {
    about: "a route redirects or rewrites",
    schema: list(
      object({
        filters: ruled(
          list(object({ type: oneOf("RequestRedirect", "URLRewrite") }, ["type"]), 16),
          "!(self.exists(f, f.type == 'RequestRedirect') && " +
            "self.exists(f, f.type == 'URLRewrite'))",
          "self.filter(f, f.type == 'RequestRedirect').size() <= 1",
        ),
      }),
      16,
    ),
    boundless: ["rule 0: more than 100x", "rule 1: more than 100x"],
  },
  {
    about: "a path is one of HTTP",
    schema: list(
      object({
        matches: list(
          ruled(
            pathMatch,
            "(self.type in ['Exact', 'PathPrefix']) ? self.value.startsWith('/') : true",
            "(self.type in ['Exact', 'PathPrefix']) ? !self.value.contains('//') : true",
            "(self.type in ['Exact', 'PathPrefix']) ? " +
              "self.value.matches(r'^(?:[-A-Za-z0-9/._~!$&()*+,;=:@]|[%][0-9a-fA-F]{2})+$') : true",
          ),
          64,
        ),
      }),
      16,
    ),
    boundless: ["rule 0: 1.8x", "rule 1: more than 100x", "rule 2: more than 100x"],
  },
  {
    about: "labels of a selector have no wildcards",
    schema: ruled(
      map(text(63), 4096),
      "self.all(key, key.size() != 0)",
      "self.all(key, !key.contains('*'))",
      "self.all(key, !self[key].contains('*'))",
    ),
    boundless: ["rule 2: more than 100x"],
  },
  {
    about: "a policy has one of three targets",
    schema: ruled(
      object({ selector: object({}), targetRef: parent, targetRefs: list(parent, 16) }),
      "(has(self.selector) ? 1 : 0) + (has(self.targetRef) ? 1 : 0) + " +
        "(has(self.targetRefs) ? 1 : 0) <= 1",
    ),
    boundless: [],
  },
  {
    about: "hosts have one namespace at most",
    schema: ruled(
      list(text(320), 256),
      "self.all(h, !h.contains('/') || h.split('/').size() == 2)",
    ),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "addresses are of hosts or of networks",
    schema: ruled(
      list(object({ ip: text(45), cidr: text(49) }), 64),
      "self.all(a, has(a.ip) ? isIP(a.ip) : isCIDR(a.cidr))",
    ),
    boundless: ["rule 0: more than 100x"],
  },
  {
    about: "a range of ports has a number",
    schema: list(
      object({
        ports: list(
          ruled(
            object({ port: text(10), endPort: int, protocol: oneOf("TCP", "UDP", "ANY") }),
            "!has(self.endPort) || self.port.matches('^[0-9]+$')",
          ),
          40,
        ),
      }),
      100,
    ),
    boundless: ["rule 0: more than 100x"],
  },
];
