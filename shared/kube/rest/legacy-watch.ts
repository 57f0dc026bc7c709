interface AskedResource {
  readonly request: Request;
  readonly segments: readonly string[];
}

/**
 * A GET below the old prefix "/watch/" as what it stands for: "/api/v1/watch/namespaces/shop/pods"
 * is a watch of that collection, and with a name behind it of that one object. All else is as it
 * was asked.
 *
 * @see https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/ ("Watch List")
 */
export function legacyWatch(request: Request, segments: readonly string[]): AskedResource {
  const at = segments[0] === "api" ? 2 : 3;
  const watched = segments.slice(at + 1);
  if (request.method !== "GET" || segments[at] !== "watch" || watched.length === 0) {
    return { request, segments };
  }
  const { url, collection } = oneWatched(new URL(request.url), watched);
  url.searchParams.set("watch", "1");
  return {
    request: new Request(url, request),
    segments: [...segments.slice(0, at), ...collection],
  };
}

/** "pods" and "namespaces/shop/pods" are collections; what has a name behind is an object. */
function oneWatched(url: URL, watched: readonly string[]) {
  const isNamed = watched.length % 2 === 0;
  if (!isNamed) return { url, collection: watched };
  const given = url.searchParams.get("fieldSelector") ?? "";
  const selectors = [...(given === "" ? [] : [given]), `metadata.name=${watched.at(-1)}`];
  url.searchParams.set("fieldSelector", selectors.join(","));
  return { url, collection: watched.slice(0, -1) };
}
