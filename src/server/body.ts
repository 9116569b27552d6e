import type { IncomingMessage } from 'node:http';

export type Body =
  | { readonly kind: 'whole'; readonly bytes: Buffer }
  /** `foundBytes`: as declared, or as many as had come when it was too much. */
  | { readonly kind: 'too-large'; readonly foundBytes: number };

/**
 * Reads a request's body and calls back once; not at all when the client goes away before the end, since
 * nobody is there to answer then. No promise: another turn of the event loop can be measured.
 */
export function readBody(request: IncomingMessage, maxBytes: number, done: (body: Body) => void): void {
  request.on('error', ignore);
  const declaredBytes = Number(request.headers['content-length'] ?? 0);
  if (declaredBytes > maxBytes) {
    done({ kind: 'too-large', foundBytes: declaredBytes });
    return;
  }
  const chunks: Buffer[] = [];
  let foundBytes = 0;
  request.on('data', (chunk: Buffer) => {
    const before = foundBytes;
    foundBytes += chunk.length;
    if (foundBytes <= maxBytes) chunks.push(chunk);
    else if (before <= maxBytes) done({ kind: 'too-large', foundBytes });
  });
  request.on('end', () => {
    if (foundBytes > maxBytes) return;
    const [first] = chunks;
    const bytes = chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, foundBytes);
    done({ kind: 'whole', bytes });
  });
}

/** A connection that broke: without a listener Node would take it for a defect of ours. */
function ignore(): void {}
