import { isRecord, metadataText } from './api-object.ts';
import type { Connection } from './connection.ts';
import { type ApiResult, BodyError, ok } from './failure.ts';
import { type GetRequest, getBody } from './http-get.ts';
import { createListSplitter } from './json-splitter.ts';
import { piecesOf } from './pieces.ts';

export interface ListPage {
  readonly resourceVersion: string | undefined;
  /** The token of the next page. */
  readonly next: string | undefined;
}

/**
 * Reads one list, giving out each item as it arrives. Memory holds one item and what `take` keeps, however
 * long the list is.
 */
export function getItems(
  connection: Connection,
  request: GetRequest,
  take: (item: unknown) => void,
): Promise<ApiResult<ListPage>> {
  return getBody(connection, request, async ({ chunks }) => {
    const { split, end } = createListSplitter();
    for await (const texts of piecesOf(chunks, split)) {
      for (const text of texts) take(JSON.parse(text));
    }
    const envelope = end();
    if (!isRecord(envelope) || !('items' in envelope)) throw new BodyError('the answer is not a list');
    return {
      resourceVersion: metadataText(envelope, 'resourceVersion'),
      next: metadataText(envelope, 'continue'),
    };
  });
}

export interface ListHandlers {
  readonly take: (item: unknown) => void;
  /** What was taken so far is void: the list starts again. */
  readonly restart: () => void;
}

const PAGE_ITEMS = '500';

/**
 * Reads a whole collection, page by page, and gives its resourceVersion, from which to watch. A page's token
 * lives as long as etcd keeps that revision (5 minutes by default). When it has expired, the list starts
 * again in one piece, as client-go's pager does: with pages it might expire for ever.
 */
export async function listAll(
  connection: Connection,
  request: GetRequest,
  { take, restart }: ListHandlers,
): Promise<ApiResult<string>> {
  let limit: string | undefined = PAGE_ITEMS;
  let next: string | undefined;
  for (;;) {
    const query = { ...request.query, limit, continue: next };
    const page: ApiResult<ListPage> = await getItems(connection, { ...request, query }, take);
    if (page.ok) {
      next = page.value.next;
      if (next === undefined) return versionOf(page.value);
    } else if (page.failure.status === 410 && next !== undefined) {
      next = undefined;
      limit = undefined;
      restart();
    } else {
      return page;
    }
  }
}

function versionOf({ resourceVersion }: ListPage): ApiResult<string> {
  if (resourceVersion !== undefined) return ok(resourceVersion);
  return { ok: false, failure: { kind: 'body', message: 'the list has no metadata.resourceVersion' } };
}
