import { request } from 'node:https';
import { createInterface } from 'node:readline';
import type { Connection } from '../control-plane/harness/kube.ts';

export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  readonly object: T;
}

/**
 * Watches a collection and tells of every change as it comes. Good for a test's minutes: it does not begin anew
 * when the connection is lost.
 *
 * @returns ends the watch
 */
export function watch<T>(
  { server, ca, cert, key }: Connection,
  path: string,
  tell: (event: WatchEvent<T>) => void,
): () => void {
  const outgoing = request(`${server}${path}?watch=1`, { ca, cert, key, agent: false });
  outgoing.once('response', (response) => {
    response.once('error', () => {}); // it was ended here
    const lines = createInterface({ input: response });
    lines.on('line', (line) => tell(JSON.parse(line)));
    lines.on('error', () => {});
  });
  outgoing.once('error', () => {});
  outgoing.end();
  return () => outgoing.destroy();
}
