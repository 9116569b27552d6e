import type { Draw } from '../../fidelity/draw.ts';
import { type Attack, type Family, get, head, VERB_PATHS, wire } from '../attack.ts';
import { soundQuestion } from './questions.ts';
import { NASTY_TEXTS } from './texts.ts';

const METHODS = [
  'GET',
  'HEAD',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'POST',
  'SEARCH',
  'M-SEARCH',
] as const;
const PAGES = [
  '/',
  '/livez',
  '/readyz?verbose',
  '/metrics',
  '/debug/nodes',
  '/debug/decisions',
  '/status.json',
] as const;
const PATHS = [
  ...VERB_PATHS,
  ...PAGES,
  '/filter/',
  '//filter',
  '/%66ilter',
  '/filter%00',
  '/filter?x',
  '/FILTER',
  '/./filter',
  '/debug/../filter',
  '/..%2f..%2fetc/passwd',
  '/%',
  '/%zz',
  '/%c0%ae',
  '/debug/decisions?limit=0',
  '/debug/decisions?limit=1&limit=2',
  '/debug/decisions?limit[]=1',
  '/debug/decisions?pod=a',
  '/debug/decisions?pod[__proto__]=a',
  '/debug/nodes?tier=none',
  '/debug/nodes?tier[]=edge',
  '/mutate',
  '/bind',
  'http://elsewhere/filter',
  '*',
] as const;

/** A method and a path that may not go together. HEAD and OPTIONS on what is there included. */
function paths(draw: Draw): Attack {
  const path = draw.chance(0.1) ? `/${draw.pick(['x', '%20', '../']).repeat(2000)}` : draw.pick(PATHS);
  return wire([head(`${draw.pick(METHODS)} ${path}`)]);
}

/** Of a head that goes on and on, the answer can be lost with the connection. */
function headers(draw: Draw): Attack {
  const { path, args } = soundQuestion(draw);
  const body = JSON.stringify(args);
  const length = Buffer.byteLength(body);
  const make = draw.pick<() => Attack>([
    () => wire([head(`POST ${path}`, { Expect: '100-continue', 'Content-Length': length }), body]),
    () =>
      wire([head(`POST ${path}`, { Expect: draw.pick(['200-ok', 'x', ' ']), 'Content-Length': 0 })], {
        due: 0,
      }),
    () =>
      wire([
        head(`POST ${path}`, { Upgrade: 'h2c', Connection: 'Upgrade, close', 'Content-Length': length }),
        body,
      ]),
    () =>
      wire(
        [head('GET /metrics', { Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Key': 'x' })],
        { ending: 'hold' },
      ),
    () => wire([head('CONNECT elsewhere:443')]),
    () => wire([head('GET /livez', { 'X-Long': 'x'.repeat(draw.pick([8000, 15_000])) })], { due: 0 }),
    () => wire([head('GET /livez', { 'X-Long': 'x'.repeat(draw.pick([17_000, 200_000])) })], { due: 0 }),
    () => wire([head(`GET /${'x'.repeat(100_000)}`)], { due: 0 }),
    () =>
      wire([head('GET /livez', Object.fromEntries(draw.times(3000, (index) => [`X-${index}`, 'x'])))], {
        due: 0,
      }),
    () => wire([head(`POST ${path}`, { 'Content-Encoding': 'gzip', 'Content-Length': length }), body]),
    () =>
      wire([
        head(`POST ${path}`, {
          'Content-Type': draw.pick(['text/xml', ';;', 'multipart/form-data']),
          'Content-Length': length,
        }),
        body,
      ]),
    () =>
      wire([
        head('GET /metrics', {
          Accept: draw.pick(['*/*;q=x', 'application/openmetrics-text', ',']),
          'Accept-Encoding': 'gzip, br',
        }),
      ]),
    () =>
      wire([head('GET /livez', { 'X-Text': Buffer.from(draw.pick(NASTY_TEXTS)).toString('latin1') })], {
        due: 0,
      }),
  ]);
  return make();
}

/** Many at once, of what costs most to show. */
function scrapes(draw: Draw): Attack {
  return get(draw.pick(PAGES), { copies: draw.pick([1, 1, 1, 5, 20]) });
}

export const HTTP_FAMILIES: readonly Family[] = [
  { name: 'methods and paths', weight: 80, make: paths },
  { name: 'headers', weight: 50, make: headers },
  { name: 'scrapes and pages', weight: 20, make: scrapes },
];
