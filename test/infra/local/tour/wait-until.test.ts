import { expect, test } from "vitest";
import { StepMissed, waitUntil } from "../../../../infra/local/tour/wait-until.ts";

test("a step goes on as soon as what it expects is so", async () => {
  let looks = 0;
  const seen = await waitUntil({
    expected: "two looks",
    look: async () => ++looks,
    missing: (count) => (count < 2 ? "one look" : undefined),
    where: "here",
    limitSeconds: 5,
  });
  expect(seen).toBe(2);
});

test("a step that does not happen says what was expected, what was seen and where to look", async () => {
  const missed = waitUntil({
    expected: "six members",
    look: async () => 5,
    missing: (count) => `${count} members`,
    where: "kubectl get memberclusters",
    limitSeconds: 0.01,
  });
  await expect(missed).rejects.toThrow(StepMissed);
  await expect(missed).rejects.toThrow(
    "Expected within 0.01 s: six members. Seen: 5 members. Look at: kubectl get memberclusters",
  );
});
