import { readFileSync } from 'node:fs';
import supertest from 'supertest';
import { describe, expect, it } from 'vitest';
import { namesArgs } from '../extender/scene.ts';
import { appFor, parts, withServer } from './harness.ts';
import { head, rawConnection } from './raw.ts';

const PAGE = readFileSync(new URL('../../docs/operations.md', import.meta.url), 'utf8');
const [, TABLE = ''] = PAGE.split('\n## Answers\n');
const DOCUMENTED = new Set(
  TABLE.split('\n## ')[0]
    ?.match(/(?<=^\|.*)\b\d{3}\b(?=.*\|.*\|$)/gm)
    ?.map(Number),
);

const body = namesArgs();
const POST = `POST /filter HTTP/1.1\r\nHost: x\r\n`;
const GET = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;

/** What can be sent, and what comes back. */
const CASES: readonly (readonly [string, string, number])[] = [
  ['a question', `${head(Buffer.byteLength(body), 'Connection: close\r\n')}${body}`, 200],
  ['a question that cannot be read', `${head(2, 'Connection: close\r\n')}{}`, 400],
  ['what is no HTTP', 'hello\r\n\r\n', 400],
  ['a header without a name', `${POST}: x\r\n\r\n`, 400],
  ['two lengths', `${head(2, 'Content-Length: 3\r\n')}{}`, 400],
  ['a length and chunks', `${head(2, 'Transfer-Encoding: chunked\r\n')}{}`, 400],
  ['a chunk without a length', `${POST}Transfer-Encoding: chunked\r\n\r\nx\r\n`, 400],
  ['no host', 'GET /livez HTTP/1.1\r\n\r\n', 400],
  ['a path that there is not', GET('/nothing'), 404],
  ['another method', GET('/filter'), 405],
  ['a tunnel', 'CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n', 405],
  ['half a request', POST, 408],
  ['a body that is too large', head(1_000_000), 413],
  ['chunk extensions without end', `${POST}Transfer-Encoding: chunked\r\n\r\n1;${'x'.repeat(20_000)}`, 413],
  ['an expectation', `${head(2, 'Expect: a miracle\r\nConnection: close\r\n')}{}`, 417],
  ['headers that are too large', `${POST}X: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  [
    'an upgrade, which is passed over',
    `GET /livez HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\nConnection: upgrade, close\r\n\r\n`,
    200,
  ],
];

describe('every answer', () => {
  const seen = new Set<number>();

  it.each(CASES)('to %s is one of HTTP', async (_what, sent, expected) => {
    await withServer(
      async (url) => {
        const { socket, received, closed } = await rawConnection(url);
        socket.write(sent);
        await closed;
        const [status = ''] = received().split('\r\n');
        expect(status).toMatch(new RegExp(`^HTTP/1.1 ${expected} [A-Z]`));
        expect(received().match(/HTTP\/1.1 /g)).toHaveLength(1);
      },
      {},
      { maxBodyBytes: 1000 + Buffer.byteLength(body), requestTimeoutMs: 500 },
    );
    seen.add(expected);
  });

  it.each([
    ['not ready', 503, () => supertest(appFor(parts({ missing: () => ['nodes'] }))).get('/readyz')],
    ['not for this client', 403, () => supertest(appFor(parts(), () => 'no')).get('/status.json')],
    ['a defect', 500, () => supertest(appFor(parts({ problems: defect }))).get('/status.json')],
  ] as const)('of the service is there: %s', async (_what, expected, ask) => {
    expect((await ask()).status).toBe(expected);
    seen.add(expected);
  });

  it('is in the table of docs/operations.md, and no other is', () => {
    expect(Array.from(DOCUMENTED).toSorted()).toEqual(Array.from(seen).toSorted());
  });

  it('to a tunnel says what is allowed', async () => {
    await withServer(async (url) => {
      const { socket, received, closed } = await rawConnection(url);
      socket.write('CONNECT example.com:443 HTTP/1.1\r\nHost: x\r\n\r\n');
      await closed;
      expect(received()).toContain('\r\nAllow: GET, POST\r\n');
      expect(received()).toContain('{"error":"CONNECT: there is no tunnel here, allowed are GET and POST"}');
    });
  });
});

function defect(): never {
  throw new Error('defect');
}
