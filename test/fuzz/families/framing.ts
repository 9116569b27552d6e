import type { Draw } from '../../fidelity/draw.ts';
import { type Attack, type Family, head, wire } from '../attack.ts';
import { soundQuestion } from './questions.ts';

type Shape = (body: string, draw: Draw) => readonly (string | Buffer)[];

const INNER = 'GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n';
const BYTES = 256;

/** Where two readers may disagree on where a request ends. One that refuses them all is right. */
const SHAPES: readonly Shape[] = [
  (body) => [start({ 'Content-Length': body.length, 'Transfer-Encoding': 'chunked' }), '0\r\n\r\n', INNER],
  (body) => [start({ 'Transfer-Encoding': 'chunked', 'Content-Length': body.length }), body],
  () => ['POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n{}', INNER],
  () => ['POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: 2, 2\r\n\r\n{}', INNER],
  () => ['POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length : 2\r\n\r\n{}'],
  () => ['POST /filter HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n', INNER],
  () => ['POST /filter HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n'],
  () => ['POST /filter HTTP/1.1\r\nHost: x\r\nTransfer-Encoding:\tchunked\r\n\r\n0\r\n\r\n'],
  (_body, draw) => [
    start({ 'Transfer-Encoding': 'chunked' }),
    `${draw.pick(CHUNK_SIZES)}\r\n{}\r\n0\r\n\r\n`,
  ],
  () => [
    start({ 'Transfer-Encoding': 'chunked' }),
    '2\r\n{}\r\n0\r\nTrailer: x\r\nContent-Length: 9\r\n\r\n',
    INNER,
  ],
  () => [start({ 'Content-Length': '+2' }), '{}'],
  () => [start({ 'Content-Length': '-2' }), '{}'],
  () => [start({ 'Content-Length': '0x2' }), '{}'],
  () => ['GET /livez\r\n\r\n'],
  () => ['GET /livez HTTP/0.9\r\n\r\n'],
  () => ['GET /livez HTTP/2.0\r\nHost: x\r\n\r\n'],
  () => ['GET /livez HTTP/1.1\nHost: x\n\n'],
  () => ['GET /livez HTTP/1.1\r\n\r\n'],
  () => ['GET /livez HTTP/1.1\r\nHost: x\r\nHost: y\r\nConnection: close\r\n\r\n'],
  () => ['GET /livez HTTP/1.1\r\nHost: x\r\n folded: y\r\n\r\n'],
  () => ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  // A TLS ClientHello, and whatever else.
  () => [Buffer.from('1603010200010001fc0303', 'hex'), Buffer.alloc(500, 7)],
  (_body, draw) => [Buffer.from(draw.times(draw.between(1, 500), () => draw.between(0, BYTES - 1)))],
  () => ['\r\n'.repeat(1000), head('GET /livez')],
];

const CHUNK_SIZES = [
  '2;x=y',
  '2;'.padEnd(20_000, 'x'),
  '0000000002',
  'ffffffffffffffff',
  '-2',
  '2 ',
  'zz',
  '',
] as const;

function start(headers: Readonly<Record<string, string | number>>): string {
  return head('POST /filter', { Connection: 'keep-alive', ...headers });
}

function framing(draw: Draw): Attack {
  const body = JSON.stringify(soundQuestion(draw).args);
  return wire(draw.pick(SHAPES)(body, draw), { ending: draw.pick(['hold', 'half-close'] as const), due: 0 });
}

/** Questions one after the other on one connection, without waiting; the last says that it is the last. */
function pipelined(draw: Draw): Attack {
  const count = draw.pick([2, 5, 50]);
  const pieces = draw.times(count, (index) => {
    const { path, args } = soundQuestion(draw);
    const body = JSON.stringify(args);
    const connection = index === count - 1 ? 'close' : 'keep-alive';
    return head(`POST ${path}`, { Connection: connection, 'Content-Length': Buffer.byteLength(body) }) + body;
  });
  return wire(pieces, { due: count });
}

function oldHttp(draw: Draw): Attack {
  const { path, args } = soundQuestion(draw);
  const body = JSON.stringify(args);
  return wire([`POST ${path} HTTP/1.0\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`]);
}

export const FRAMING_FAMILIES: readonly Family[] = [
  { name: 'framing', weight: 40, make: framing },
  { name: 'pipelining', weight: 10, make: pipelined },
  { name: 'HTTP/1.0', weight: 10, make: oldHttp },
];
