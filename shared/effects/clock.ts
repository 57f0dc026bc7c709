import type { Instant } from "../lib/instant.ts";

export interface Clock {
  now(): Instant;
}
