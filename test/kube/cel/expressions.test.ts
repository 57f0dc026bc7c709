import { expect, test } from "vitest";
import { compileErrors, told } from "./cel-fixture.ts";
import { sampleSpec, specSchema } from "./sample-spec.ts";

test.each([
  // Types by schema
  "type(self.int) == int && self.int == 5 && self.int < 5.5",
  "self.double > 1.0 && type(self.double) == double",
  "self.flag",
  "self.dash__dash__name == 'd' && self.dot__dot__name == 'p' && self.__in__ == 'i'",
  "self.namespace == 'n' && self.__namespace__ == 'n' && has(self.namespace)",
  "self.time > timestamp('2026-01-01T00:00:00Z') && self.time.getFullYear() == 2026",
  "self.wait == duration('90m') && self.wait.getMinutes() == 90",
  "self.bytes == b'hi'",
  "type(self.either) == string && self.either == '50%'",
  "type(self.either) == int ? self.either > 0 : self.either.endsWith('%')",
  "self.inner == self.inner && self.map == {'y': '2', 'x': '1'}",
  "self.items[0] != self.items[1]",
  "string(self.time) == '2026-11-21T12:00:00Z' && int(self.time) == 1795262400",
  "string(timestamp('2026-01-01T00:00:00.250Z')) == '2026-01-01T00:00:00.25Z'",
  "string(self.wait) == '5400s' && string(duration('-1.5s')) == '-1.5s'",
  "int(duration('1s')) == 1000000000 && duration(self.wait) == self.wait && int(3u) == 3",
  "timestamp(self.time) == self.time && string(timestamp('2026-01-10T10:10:00Z')) != ''",
  "self.bytes > b'ha' && self.bytes <= b'hi' && !(b'b' < b'a') && b'b' >= b'a'",
  // Presence
  "has(self.text) && !has(self.maybe) && has(self.inner.a) && has(self.items[0].name)",
  "self.?maybe.orValue('none') == 'none' && !self.sizes[?9].hasValue()",
  "self.?maybe == optional.none() && optional.none() == self.map[?'z']",
  "self.map[?'x'] == optional.of('1') && self.map[?'x'] != optional.none()",
  "self.sizes[?9] == optional.none() && self.?text != optional.none()",
  "'x' in self.map && !('z' in self.map) && self.map.x == '1' && self.map['y'] == '2'",
  // Macros
  "self.items.all(i, i.size > 0) && self.items.exists(i, i.name == 'b')",
  "self.items.exists_one(i, i.size == 1)",
  "self.items.map(i, i.name) == ['a', 'b']",
  "self.items.filter(i, i.size > 1).size() == 1",
  "self.map.all(k, self.map[k] != '')",
  "cel.bind(n, self.int * 2, n == 10)",
  "self.items.exists(i, 1 / (i.size - 1) > 0)",
  // Strings
  "size(self.text) == 11 && self.text.charAt(7) == 'ö'",
  "self.text.indexOf('r') == 8 && self.text.lastIndexOf('l') == 9",
  "self.text.substring(6) == 'wörld' && self.text.substring(0, 5) == 'hello'",
  "self.text.upperAscii() == 'HELLO WöRLD'",
  "self.text.replace('l', 'L', 1) == 'heLlo wörld' && self.text.replace('l', '') == 'heo wörd'",
  "self.text.split(' ').join('-') == 'hello-wörld' && 'abc'.reverse() == 'cba'",
  "'%s has %d, %.2f, %x'.format(['a', 3, 1.5, 255]) == 'a has 3, 1.50, ff'",
  // Regular expressions
  "matches(self.text, '^hello') && !matches(self.text, 'x')",
  "self.text.matches('^hello') && !self.text.matches('^world')",
  "self.text.find('[a-z]+') == 'hello' && 'a1b22'.findAll('[0-9]+') == ['1', '22']",
  "'a1b22'.findAll('[0-9]+', 1) == ['1'] && 'ab'.find('x') == ''",
  // Lists and sets
  "self.sizes.sum() == 6 && self.sizes.min() == 1 && self.sizes.max() == 3",
  "!self.sizes.isSorted() && [1, 2].isSorted()",
  "self.sizes.indexOf(2) == 2 && self.sizes.lastIndexOf(9) == -1",
  "sets.contains(self.sizes, [1, 3]) && sets.intersects([1], [1, 2])",
  "sets.equivalent([1, 2], [2, 1, 1])",
  // URLs, addresses, quantities
  "isURL('https://example.com:80/a?b=c') && !isURL('not a url')",
  "isURL('mailto:a@b') && isURL('/a?b=%zz') && url('mailto:a@b?c=d').getQuery()['c'] == ['d']",
  "!isURL('http://a#b') && !isURL('http://[::1') && !isURL('http://a:b/') && !isURL('a/b')",
  "url('http://u@a.b/c%20d').getHost() == 'a.b' && url('*').getEscapedPath() == '*'",
  "url('https://example.com:80/a?b=c').getHostname() == 'example.com'",
  "url('https://example.com:80/a?b=c').getPort() == '80'",
  "url('https://example.com:80/a?b=c').getQuery()['b'] == ['c']",
  "url('/path').getScheme() == '' && url('/path').getEscapedPath() == '/path'",
  "isIP('10.0.0.1') && isIP('2001:db8::1') && !isIP('10.0.0.256') && !isIP('010.0.0.1')",
  "ip('127.0.0.1').isLoopback() && ip('fe80::1').isLinkLocalUnicast() && ip('::').isUnspecified()",
  "ip('10.0.0.1').family() == 4 && ip('10.0.0.1').isGlobalUnicast() && ip.isCanonical('::1')",
  "string(ip('2001:DB8:0:0::1')) == '2001:db8::1'",
  "cidr('10.0.0.0/8').containsIP('10.1.2.3') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.1'))",
  "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && cidr('10.1.2.3/8').prefixLength() == 8",
  "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8') && isCIDR('::/0') && !isCIDR('10.0.0.0/33')",
  "quantity('1Gi').isGreaterThan(quantity('500M')) && isQuantity('1.5') && !isQuantity('1.5x')",
  "quantity('1').add(quantity('500m')).compareTo(quantity('1500m')) == 0",
  "quantity('2k').asInteger() == 2000 && quantity('1').sub(3).sign() == -1",
  "quantity('0.5').asApproximateFloat() == 0.5 && !quantity('0.5').isInteger()",
])("holds: %s", (rule) => {
  const schema = specSchema(rule);
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, sampleSpec)).toEqual([]);
});

test.each([
  ["self.int == 6", "failed rule: self.int == 6"],
  ["self.sizes[9] == 1", "index out of bounds: 9 evaluating rule: self.sizes[9] == 1"],
  ["self.maybe == 'x'", "no such key: maybe evaluating rule: self.maybe == 'x'"],
  ["1 / (self.int - 5) == 1", "division by zero evaluating rule: 1 / (self.int - 5) == 1"],
  ["1 % (self.int - 5) == 1", "modulus by zero evaluating rule: 1 % (self.int - 5) == 1"],
  [
    "self.int * 9223372036854775807 > 0",
    "integer overflow evaluating rule: self.int * 9223372036854775807 > 0",
  ],
  [
    "url('http://a:b').getHost() == ''",
    'URL parse error during conversion from string: parse "http://a:b": invalid port ":b" after ' +
      "host evaluating rule: url('http://a:b').getHost() == ''",
  ],
  [
    "quantity('1').compareTo(dyn('1')) == 0",
    "'no such overload: compareTo(kubernetes.Quantity, string)': call arguments did not match a " +
      "supported operator, function or macro signature for rule: " +
      "quantity('1').compareTo(dyn('1')) == 0",
  ],
  ["[].min() == 1", "min called on empty list evaluating rule: [].min() == 1"],
])("fails: %s", (rule, because) => {
  const schema = specSchema(rule);
  expect(compileErrors(schema)).toEqual([]);
  expect(told(schema, sampleSpec)).toEqual([
    `spec FieldValueInvalid Invalid value: "object": ${because}`,
  ]);
});

const at = "properties[spec].x-kubernetes-validations[0].rule";

test.each([
  ["self.zzz == 1", "ERROR: <input>:1:5: undefined field 'zzz'\n | self.zzz == 1\n | ....^"],
  ["zzz", "ERROR: <input>:1:1: undeclared reference to 'zzz' (in container '')\n | zzz\n | ^"],
  [
    "self.int == 'a'",
    "ERROR: <input>:1:10: found no matching overload for '_==_' applied to '(int, string)'\n" +
      " | self.int == 'a'\n | .........^",
  ],
])("does not compile: %s", (rule, because) => {
  expect(compileErrors(specSchema(rule))).toEqual([
    `${at} Invalid value: ${JSON.stringify(rule)}: compilation failed: ${because}`,
  ]);
});

test.each([
  ["has(self.zzz)", /undefined field 'zzz'/],
  ["self.int ==", /Syntax error: /],
  ["self.int", /cel expression must evaluate to a bool/],
  [
    "self.text.matches('(?=x)')",
    /error parsing regexp: invalid or unsupported Perl syntax: `\(\?=`/,
  ],
  ["quantity('1').nanos == 1", /undefined field 'nanos'/],
  ["url('/').path == '/'", /undefined field 'path'/],
  ["sets.constructor == sets", /undefined field 'constructor'/],
  ["matches(self.text, '(')", /error parsing regexp: missing closing \): `\(`/],
  ["self.text.nothing()", /found no matching overload for 'nothing'/],
  ["''", /cel expression must evaluate to a bool/],
  ["   ", /rule is not specified/],
])("does not compile, with a message like: %s", (rule, because) => {
  expect(compileErrors(specSchema(rule)).join()).toMatch(because);
});
