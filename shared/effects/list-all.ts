import type { Document } from "../lib/document.ts";
import type { ListQuery, Store } from "./store.ts";

type Query<Body> = Omit<ListQuery<Body>, "after">;

/** What a query finds, page by page, for who looks at each document and may stop early. */
export async function* pagesOf<Body>(
  store: Pick<Store, "list">,
  query: Query<Body>,
): AsyncGenerator<readonly Document<Body>[]> {
  let after: string | undefined;
  do {
    const page = await store.list({ ...query, ...(after !== undefined && { after }) });
    yield page.documents;
    after = page.next;
  } while (after !== undefined);
}

/** All that a query finds; with `enough`, no further pages once there are so many documents. */
export async function listAll<Body>(
  store: Pick<Store, "list">,
  query: Query<Body>,
  enough = Number.POSITIVE_INFINITY,
): Promise<readonly Document<Body>[]> {
  const documents: Document<Body>[] = [];
  for await (const page of pagesOf(store, query)) {
    documents.push(...page);
    if (documents.length >= enough) break;
  }
  return documents;
}
