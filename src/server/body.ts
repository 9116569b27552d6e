import type { IncomingMessage } from 'node:http';

export type ReceivedBody =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** `foundBytes`: as declared, or as many as had come when it was too much. */
  | { readonly kind: 'too-large'; readonly foundBytes: number };

/** Aborted: the client went away, and there is nobody to answer. */
export type Body = ReceivedBody | { readonly kind: 'aborted' };

/** Reads a request's body. Calls back once; no promise, since a turn of the event loop more is measurable. */
export function readBody(request: IncomingMessage, maxBytes: number, done: (body: Body) => void): void {
  const declaredBytes = Number(request.headers['content-length'] ?? 0);
  if (declaredBytes > maxBytes) {
    done({ kind: 'too-large', foundBytes: declaredBytes });
    return;
  }
  const chunks: Buffer[] = [];
  let foundBytes = 0;
  let over = false;
  const finish = (body: Body): void => {
    if (over) return;
    over = true;
    done(body);
  };
  request.on('data', (chunk: Buffer) => {
    if (over) return;
    foundBytes += chunk.length;
    if (foundBytes > maxBytes) finish({ kind: 'too-large', foundBytes });
    else chunks.push(chunk);
  });
  request.on('end', () => {
    const [first = Buffer.alloc(0)] = chunks;
    finish({ kind: 'whole', bytes: chunks.length <= 1 ? first : Buffer.concat(chunks, foundBytes) });
  });
  request.on('error', () => finish({ kind: 'aborted' }));
  request.on('close', () => finish({ kind: 'aborted' }));
}
