import type { Connection } from './connection.ts';
import type { RewindCheck } from './rewind-check.ts';
import { rewound, type WatchEnd, type WatchHandlers, type WatchRequest, watch } from './watch.ts';

export interface CheckedWatchRequest extends WatchRequest {
  readonly check: RewindCheck;
  /** Whether it goes on from an earlier watch: the server may be another one since, with other data. */
  readonly isContinued: boolean;
}

/** A watch that ends, too, when the server is found to have gone back behind it. */
export async function watchChecked(
  connection: Connection,
  { check, isContinued, ...request }: CheckedWatchRequest,
  handlers: Omit<WatchHandlers, 'reached'>,
): Promise<WatchEnd> {
  const ending = new AbortController();
  const { signal } = ending;
  const end = () => ending.abort();
  request.signal.addEventListener('abort', end, { once: true });
  let resourceVersion = request.resourceVersion;
  let checked: Promise<string | undefined> = Promise.resolve(undefined);

  async function checkUntilTheEnd(): Promise<string | undefined> {
    const reached = () => resourceVersion;
    const current = await check.untilRewound({ signal, reached, atOnce: isContinued });
    end();
    return current;
  }

  const ended = await watch(
    connection,
    { ...request, signal },
    {
      ...handlers,
      opened: () => {
        handlers.opened();
        checked = checkUntilTheEnd();
      },
      reached: (version) => {
        resourceVersion = version;
      },
    },
  );
  end();
  request.signal.removeEventListener('abort', end);
  const current = await checked;
  return current === undefined ? ended : rewound(current, resourceVersion);
}
