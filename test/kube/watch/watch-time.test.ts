import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { configMaps, type KubeFixture, kubeFixture, requestOf } from "../kube-fixture.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});

afterEach(() => {
  vi.useRealTimers();
});

/** Lines as they came, each with the second at which it did; stops at the end of the stream. */
async function linesIn(fixture: KubeFixture, path: string, seconds: number) {
  const start = Date.now();
  const response = await fixture.send(requestOf("GET", path));
  const reader = response.body?.getReader();
  const lines: string[] = [];
  const reading = (async () => {
    for (;;) {
      const read = await reader?.read();
      const second = Math.round((Date.now() - start) / 1000);
      if (read === undefined || read.done) {
        lines.push(`${second} end`);
        return;
      }
      for (const line of Buffer.from(read.value as Uint8Array)
        .toString()
        .split("\n")
        .slice(0, -1)) {
        lines.push(
          `${second} ${line === "" ? "newline" : (JSON.parse(line) as { type: string }).type}`,
        );
      }
    }
  })();
  for (let second = 0; second < seconds; second++) await vi.advanceTimersByTimeAsync(1_000);
  await reader?.cancel();
  await reading;
  return lines;
}

test("bytes flow every 20 seconds, and the stream ends before the platform would cut it", async () => {
  const fixture = await kubeFixture();
  const lines = await linesIn(fixture, `${configMaps}?watch=1&resourceVersion=2`, 230);
  const at = [0, 20, 40, 60, 80, 100, 120, 140, 160, 180, 200];
  expect(lines.slice(0, 11)).toEqual(at.map((each) => `${each} newline`));
  expect(lines.at(-1)).toBe("220 end");
});

test("bookmarks come each minute to those who ask, and at the end", async () => {
  const fixture = await kubeFixture();
  const path = `${configMaps}?watch=1&resourceVersion=2&allowWatchBookmarks=true`;
  const lines = await linesIn(fixture, path, 230);
  const bookmarks = lines.filter((line) => line.endsWith("BOOKMARK"));
  expect(bookmarks).toHaveLength(4);
  expect(bookmarks.at(-1)).toBe("220 BOOKMARK");
  expect(lines.at(-1)).toBe("220 end");
});

test.each([
  [30, 30],
  [500, 220],
])("a watch for %i seconds ends after %i", async (asked, ends) => {
  const fixture = await kubeFixture();
  const path = `${configMaps}?watch=1&resourceVersion=2&timeoutSeconds=${asked}`;
  expect((await linesIn(fixture, path, 240)).at(-1)).toBe(`${ends} end`);
});
