import { invalidValue } from "../../field-errors.ts";
import { nonNegative } from "../number-rules.ts";
import { all, fields, number, type Rule } from "../rule.ts";
import { isSet } from "../zero-values.ts";
import { execRule, grpcRule, handlerRule, httpGetRule, tcpSocketRule } from "./handler-rule.ts";

/**
 * What holds for each probe of a container.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/liveness-readiness-startup-probes/
 */
export const probeRule: Rule = all(
  handlerRule({ exec: execRule, httpGet: httpGetRule, tcpSocket: tcpSocketRule, grpc: grpcRule }),
  fields({
    initialDelaySeconds: nonNegative,
    timeoutSeconds: nonNegative,
    periodSeconds: nonNegative,
    successThreshold: nonNegative,
    failureThreshold: nonNegative,
    terminationGracePeriodSeconds: number((value) => (value > 0 ? [] : ["must be greater than 0"])),
  }),
);

/** One success is enough for a container to live on; 0 stands for the default, which is 1. */
const oneSuccess: Rule = fields({
  successThreshold: number((value) => (value === 0 || value === 1 ? [] : ["must be 1"])),
});

/** "livenessProbe" and "startupProbe": whether a container is started anew, and from when on. */
export const livenessProbeRule: Rule = all(probeRule, oneSuccess);

/** "readinessProbe": whether a container gets requests. It never ends a container. */
export const readinessProbeRule: Rule = all(
  probeRule,
  fields({
    terminationGracePeriodSeconds: (value, path) =>
      isSet(value) ? [invalidValue(path, value, "must not be set for readinessProbes")] : [],
  }),
);
