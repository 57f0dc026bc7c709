import { expect, test } from "vitest";
import { checkExpression } from "../../../../shared/kube/cel/admission/check-expression.ts";
import { conditions, everything, refusal } from "./admission-scopes.ts";

/** What the documentation shows, and what is like it: each is known to be true or false. */
test.each([
  "object.spec.replicas <= 5",
  "object.minReplicas <= object.replicas && object.replicas <= object.maxReplicas",
  "'Available' in object.stateCounts",
  "(size(object.list1) == 0) != (size(object.list2) == 0)",
  "!('MY_KEY' in object.map1) || object['MY_KEY'].matches('^[a-zA-Z]*$')",
  "object.envars.filter(e, e.name == 'MY_ENV').all(e, e.value.matches('^[a-zA-Z]*$'))",
  "has(object.expired) && object.created + object.ttl < object.expired",
  "object.health.startsWith('ok')",
  "object.widgets.exists(w, w.key == 'x' && w.foo < 10)",
  "type(object) == string ? object == '100%' : object == 1000",
  "object.metadata.name.startsWith(object.prefix)",
  "object.set1.all(e, !(e in object.set2))",
  "size(object.names) == size(object.details) && object.names.all(n, n in object.details)",
  "size(object.clusters.filter(c, c.name == object.primary)) == 1",
  "has(object.namex) ? object.namex == 'special' : request.name == 'special'",
  "params != null",
  "!has(params.optionalNumber) || (params.optionalNumber >= 5 && params.optionalNumber <= 10)",
  "object == null || oldObject == null || object.foo == oldObject.foo",
  "object.subsets.size() < params.spec.testSize",
  "request.namespace != params.data.fakeString",
  "!object.metadata.name.contains('demo') || object.metadata.namespace == 'demo'",
  "object.metadata.labels['a.b/c'] == 'x' && object.metadata.__namespace__ == 'y'",
  // The request and the namespace
  "request.kind.group == 'example.com' && request.kind.version == 'v1' && request.kind.kind == 'A'",
  "request.requestResource.resource == 'fake' && request.requestSubResource == 'scale'",
  "request.userInfo.groups == ['system:authenticated', 'my-admin-group']",
  "request.userInfo.extra == {'some-key': ['some-value1', 'some-value2']}",
  "request.userInfo.extra['scopes'].exists(s, s == 'a') || request.userInfo.uid == ''",
  "request.dryRun == false && request.options == {'whatever': 'you want'}",
  "!('system:nodes' in request.userInfo.groups) && request.operation in ['CREATE', 'UPDATE']",
  "!(request.resource.group == 'coordination.k8s.io' && request.resource.resource == 'leases')",
  "request.userInfo.username == 'system:serviceaccount:' + params.data.ns + ':' + params.data.sa",
  "namespaceObject != null && has(namespaceObject.metadata.labels)",
  "namespaceObject.metadata.?labels[?'env'].orValue('none') == 'none'",
  "namespaceObject.metadata.labels.exists(k, namespaceObject.metadata.labels[k] == 'prod')",
  "namespaceObject.metadata.creationTimestamp < timestamp('2026-01-01T00:00:00Z')",
  "namespaceObject.status.conditions.all(c, c.status == 'True' && c.reason.size() > 0)",
  // Authorization
  "authorizer.group('') != null",
  "authorizer.group('apps').resource('deployments').subresource('status').namespace('test')" +
    ".name('backend').check('create').allowed()",
  "authorizer.path('/healthz').check('get').allowed() == false",
  "authorizer.requestResource.check('custom-verb').allowed()",
  "authorizer.serviceAccount('default', 'sa').group('').resource('pods').check('get').errored()",
  "authorizer.group('').resource('pods').fieldSelector('a=b').labelSelector('c').check('list')" +
    ".reason() == ''",
  // Variables
  "variables.isExempt",
  "variables.replicas > 3 && variables.environment.startsWith('prod')",
  "variables.containers.all(c, c.image.startsWith(variables.environment + '.'))",
  "has(variables.replicas) && variables.?isExempt.orValue(false)",
  "variables.images.exists(image, image in object.spec.images)",
  // Where optional values lead to
  "optional.ofNonZeroValue(oldObject).spec.jitter.hasValue()",
  "object.spec.?template.metadata.?annotations.orValue({})['a/b'].size() > 0",
  "(object.spec.containers + object.spec.?initContainers.orValue([])).all(c," +
    " c.?ports.orValue([]).all(p, p.?hostPort.orValue(0) == 0))",
  "object.spec.?storageClassName.orValue('') == oldObject.spec.?storageClassName.orValue('')",
  "params.status.?digest.orValue('-') == '-' && !object.spec.?jitter.hasValue()",
  "request.userInfo.extra[?'node-name'][0].orValue('') != ''",
  "(has(request.userInfo.extra) && 'a' in request.userInfo.extra" +
    " ? request.userInfo.extra['a'][0] : '') == 'b'",
  "request.userInfo.username.split(':')[2].substring(9) == 'a'",
  "(request.operation == 'DELETE' ? oldObject : object).spec.?nodeName.orValue('') == ''",
  "(request.operation != 'DELETE' && has(object.a) ? object.a : {}).all(k, k.matches('^a'))",
  "object.spec.containers.filter(c, !(c.image in params.exempt)).map(c, c.name).join(', ') == ''",
  "object.tags.exists(namespaceObject, namespaceObject == 'prod')",
  // Values of any type
  "object.sizes.isSorted() && object.sizes.min() > 1 && object.sizes.sum() == 3",
  "object.names.sort()[0] == 'a' && object.names.first().value() != 1",
  "object.?spec.?replicas.orValue(1) > 1 && object.?spec.hasValue()",
  "object.spec.containers.map(c, c.?securityContext)" +
    ".all(c, c.?runAsNonRoot == optional.of(true))",
  "object.?a == optional.none() && optional.of(1) != object.?b",
  "request.kind == object.kind && object.user == request.userInfo",
  "object.a == {} && object.b == [] && [] == object.c && {} != object.d",
  "([] + object.a).exists(x, x == 'a') && ([] + ['a']).size() == 1",
  "timestamp(object.a) - duration('1h') > timestamp(object.b)",
  "timestamp(object.a) - object.b == object.c && -object.d < 0 && !object.e",
  "object.a * 2 == object.b % 3 && object.c / 2.5 > 1.0 && object.d + 'x' == 'yx'",
  "quantity(object.limit).isGreaterThan(quantity('1Gi')) && isQuantity(object.limit)",
  "quantity(object.a).add(object.b).compareTo(quantity('1')) > 0",
  "url(object.spec.endpoint).getHostname() in ['ok1', 'ok2'] && isURL(object.spec.endpoint)",
  "ip(object.ip).family() == 4 && cidr(object.block).containsIP(object.ip)",
  "semver(object.version).major() == 1 && format.dns1123Label().validate(object.a).hasValue()",
  "object.a.split(',').map(x, x.trim().lowerAscii()).join('-').matches('^[a-z-]+$')",
  "'%s has %d'.format([object.name, object.count]).size() < 10",
  "cel.bind(all, object.a + object.b, all.exists(x, x.y) && !all.exists_one(x, x.z))",
  "object.limits.all(name, limit, limit > 0) && object.a.transformMap(k, v, v + 1)['x'] == 2",
  "object.a.sortBy(x, x.weight)[0].name == 'a' && object.a.distinct().size() == 1",
  "sets.contains(['a', 'b'], object.names) && object.names.indexOf('a') == 0",
  "object.port == 80 || string(object.port) == '80' || int(object.port) == 80",
  "type(object.port) == int && type(object.time) == google.protobuf.Timestamp",
  "object.x != null && !(object.y in [null, '']) && object.z == null",
  "[1, 'a', object.x].exists(x, x == 1) && {'a': 1, 'b': 'x'}['a'] == 1",
  "object.a[0][object.b].c == 1 && object.a[object.i] == object.a[object.j]",
  "1 < 2.5 && 2u > 1 && 1.0 <= 2u",
  "object.a.all(ip, ip(ip).family() == 4) && object.b.exists(type, type == 'a')",
  "object.a.exists(variables, variables.b == 1) && object.c.all(request, request.d == 2)",
  // What the library reads only with help
  ".object.a == 1 && [.object.b].size() == 1",
  "object.x == 1 // a comment {",
  "object.x == 1\f|| true",
  "[?object.?a, 'b'].size() > 1 && {?'a': object.?b, 'c': 1}.size() > 1",
  "object.list[?0].hasValue() && object.map[?'a' + 'b'].hasValue()",
  "r'\\d+' == '\\\\d+' && b'\\x61' == b'a' && '''a'b''' == \"a'b\"",
])("true or false: %s", (expression) => {
  const checked = checkExpression(expression, everything);
  expect(checked).toMatchObject({ kind: "typed", type: { name: "bool" }, isSure: true });
});

/** Right in the language; what they are is left to who runs them. */
test.each([
  "br'x' == b'x'",
  "object.x > .5",
  "object.x.matches(r'^\\d+\\')",
  "object.metadata.labels.`app.kubernetes.io/name` == 'a'",
  "type(object.ip) == net.IP",
  "has(object.a) ? timestamp('2026-01-01T00:00:00Z') : null",
  "duration(5) > duration('1s')",
  "type(null) == null_type && type(optional.of(1)) == optional_type && type(type(1)) == type",
  "type(request) == type(authorizer) && type(ip('10.0.0.1')) != type(object.a)",
  "object.a.all(prototype, prototype.b)",
  "object.x.orValue(true)",
  "variables.containers.orValue(true)",
  "object.?spec.?paused.orValue(false)",
  "has(object.a) ? object.a : false",
  "variables.containers",
  "google.protobuf.Duration{seconds: 1} == duration('1s')",
  "Object{a: 1} == object",
])("taken, as nothing is sure of it: %s", (expression) => {
  expect(refusal(expression)).toBeUndefined();
});

const many = (count: number, part: string, by: string) =>
  Array.from({ length: count }, () => part).join(by);

test.each([
  ["deeper", `${"(".repeat(120)}true${")".repeat(120)}`],
  ["of more parts", many(12_000, "true", " && ")],
  ["of longer lists", `1 in [${many(2_000, "1", ", ")}]`],
  ["of more arguments", `f(${many(40, "1", ", ")})`],
])("taken, as they are %s than is read here", (_, expression) => {
  expect(refusal(expression)).toBeUndefined();
});

test.each([
  ["string", "'only ' + variables.environment + ' images are in ' + namespaceObject.metadata.name"],
  ["string", "object.kind + '/' + object.metadata.name"],
  ["string", "'replicas: ' + string(object.spec.replicas)"],
  ["string", "object.containers.map(c, c.name).join(', ')"],
  ["string", "has(object.a) ? 'yes' : 'no'"],
])("a %s: %s", (result, expression) => {
  expect(refusal(expression, result)).toBeUndefined();
});

test.each([
  '!("system:nodes" in request.userInfo.groups)',
  'request.resource.group != "rbac.authorization.k8s.io"',
  '!authorizer.group("admissionregistration.k8s.io").resource("validatingwebhookconfigurations")' +
    '.name("my-webhook.example.com").check("breakglass").allowed()',
])("a condition of a webhook: %s", (expression) => {
  expect(refusal(expression, "bool", conditions)).toBeUndefined();
});
