import { expect, test } from "vitest";
import { publicAnswer } from "../../shared/kube/public-answer.ts";
import { kubeFixture, requestOf } from "./kube-fixture.ts";

const ask = async (method: string, path: string): Promise<[status: number, text: string]> => {
  const { send } = await kubeFixture();
  const response = await send(requestOf(method, path));
  return [response.status, await response.text()];
};

test.each<[method: string, path: string, status: number, text: string]>([
  ["GET", "/healthz", 200, "ok"],
  ["HEAD", "/healthz", 200, ""],
  ["GET", "/livez/ping", 200, "ok"],
  ["GET", "/livez/ping?verbose", 200, "ok"],
  ["GET", "/readyz/etcd", 404, "404 page not found\n"],
  ["GET", "/readyz/ping/more", 404, "404 page not found\n"],
  ["GET", "/readyz?verbose", 200, "[+]ping ok\nreadyz check passed\n"],
  ["GET", "/livez?verbose=1&exclude=ping", 200, "[+]ping excluded: ok\nlivez check passed\n"],
  [
    "GET",
    "/healthz?verbose&exclude=log&exclude=etcd&exclude=log",
    200,
    "[+]ping ok\n" +
      'warn: some health checks cannot be excluded: no matches for "etcd", "log"\n' +
      "healthz check passed\n",
  ],
  ["GET", "/healthz?exclude=etcd", 200, "ok"],
])("%s %s is answered as a kube-apiserver answers it", async (method, path, status, text) => {
  expect(await ask(method, path)).toEqual([status, text]);
});

test("the version is indented for everybody, and only read", async () => {
  expect(await ask("GET", "/version")).toEqual([
    200,
    expect.stringMatching(/^\{\n {2}"major": "1",\n {2}"minor": "34",\n/),
  ]);
  expect((await ask("POST", "/version"))[0]).toBe(405);
});

test.each([
  ["GET", "/healthz", 200],
  ["GET", "/livez", 200],
  ["GET", "/readyz", 200],
  ["HEAD", "/livez", 200],
  ["GET", "/version", 200],
  ["GET", "/version/", 200],
  ["HEAD", "/version", undefined],
  ["POST", "/healthz", undefined],
  ["DELETE", "/version", undefined],
  ["GET", "/healthz/", undefined],
  ["GET", "/healthz/ping", undefined],
  ["GET", "/livez/../api", undefined],
  ["GET", "/Healthz", undefined],
  ["GET", "/%68ealthz", undefined],
  ["GET", "//healthz", undefined],
  ["GET", "/version/x", undefined],
  ["GET", "/metrics", undefined],
  ["GET", "/api", undefined],
  ["GET", "/apis", undefined],
  ["GET", "/openapi/v3", undefined],
  ["GET", "/", undefined],
  ["GET", "", undefined],
])("somebody unknown who asks %s %s is told %s", async (method, path, status) => {
  const answer = publicAnswer(requestOf(method, "/x"), path, "1.34.0");
  expect(answer?.status).toBe(status);
  if (method === "HEAD" && answer !== undefined) expect(await answer.text()).toBe("");
});
