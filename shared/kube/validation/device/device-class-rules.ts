import { isExtendedResource } from "../pod/resource-names.ts";
import { each, fields, first, itemsAtMost, type ObjectRule, objectRule } from "../rule.ts";
import { anyText } from "../zero-values.ts";
import { deviceConfigurationRule } from "./device-configuration-rule.ts";
import { deviceSelectorsRule } from "./device-selectors-rule.ts";

const configurationsMax = 32;

const extendedResourceName = anyText((value) =>
  isExtendedResource(value) ? [] : ["must be a valid extended resource name"],
);

/**
 * What a DeviceClass must be.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/dynamic-resource-allocation/
 */
export const deviceClassRules: ObjectRule = objectRule(
  fields({
    spec: fields({
      selectors: deviceSelectorsRule,
      config: first(itemsAtMost(configurationsMax), each(deviceConfigurationRule)),
      extendedResourceName,
    }),
  }),
);
