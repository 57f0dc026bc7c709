import { defineConfig } from "vitest/config";

/**
 * Two cores: more workers only wait for each other. A test that starts the laptop cloud says its
 * own, longer limit.
 */
export default defineConfig({
  test: {
    dir: "test",
    include: ["**/*.test.ts"],
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
