// npx tsx test/bench/list-reading.ts: three ways to read a long list, each in a process of its own, over a
// real socket. STREAM_JSON=FOLDER/node_modules adds the npm package stream-json, which is no dependency.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer, get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { createListSplitter } from '../../src/kubernetes/json-splitter.ts';
import { piecesOf } from '../../src/kubernetes/pieces.ts';
import type { PodMetricsObject, PodObject } from '../../src/picture/objects.ts';
import { projectPod, projectPodUsage } from '../../src/picture/project.ts';
import { MANAGED_FIELDS, podMetricsObject, podObject } from '../fake/objects.ts';
import { printTable } from './table.ts';

interface Measured {
  readonly totalMs: number;
  readonly cpuMs: number;
  readonly longestStallMs: number;
  readonly peakMib: number;
  readonly count: number;
}

const RUNS = Number(process.env['RUNS'] ?? 3);
const LISTS = { podMetrics: 20_000, pods: 50_000 } as const;
const METHODS: Readonly<
  Record<string, (body: IncomingMessage, take: (item: unknown) => void) => Promise<void>>
> = {
  'floor: bytes thrown away': readNothing,
  'whole: JSON.parse': readWhole,
  'in pieces: this repository': readPieces,
  ...(process.env['STREAM_JSON'] === undefined ? {} : { 'in tokens: stream-json': readTokens }),
};

/** What the machine and what else runs on it make of a loop that has nothing to do. */
async function readNothing(body: IncomingMessage): Promise<void> {
  body.resume();
  await once(body, 'end');
}

async function readWhole(body: IncomingMessage, take: (item: unknown) => void): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  const list: { readonly items: readonly unknown[] } = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  for (const item of list.items) take(item);
}

async function readPieces(body: IncomingMessage, take: (item: unknown) => void): Promise<void> {
  const { split, end } = createListSplitter();
  for await (const texts of piecesOf(body, split)) {
    for (const text of texts) take(JSON.parse(text));
  }
  end();
}

async function readTokens(body: IncomingMessage, take: (item: unknown) => void): Promise<void> {
  const load = (file: string) =>
    import(pathToFileURL(join(process.env['STREAM_JSON'] ?? '', 'stream-json/src', file)).href);
  const { parser } = await load('index.js');
  const { pick } = await load('filters/pick.js');
  const { streamArray } = await load('streamers/stream-array.js');
  const { chain } = await import(
    pathToFileURL(join(process.env['STREAM_JSON'] ?? '', 'stream-chain/src/index.js')).href
  );
  const pipeline: AsyncIterable<{ value: unknown }> = chain([
    body,
    parser(),
    pick({ filter: 'items' }),
    streamArray(),
  ]);
  for await (const { value } of pipeline) take(value);
}

/** The text of an item between the places where its number stands: the server must not be what is measured. */
function itemParts(list: keyof typeof LISTS): readonly string[] {
  const name = 'web-7d4b9c6f5-@';
  if (list === 'podMetrics') return JSON.stringify(podMetricsObject(name)).split('@');
  const pod = podObject(name, { nodeName: 'node-1', ownerUid: 'owner' });
  const metadata = { ...pod.metadata, managedFields: MANAGED_FIELDS };
  return JSON.stringify({ ...pod, metadata }).split('@');
}

function* bodyText(list: keyof typeof LISTS): Generator<string> {
  yield '{"kind":"List","metadata":{"resourceVersion":"1"},"items":[';
  const parts = itemParts(list);
  for (let index = 0; index < LISTS[list]; index += 50) {
    const texts = Array.from({ length: 50 }, (_, offset) => parts.join(`${index + offset}`));
    yield `${index === 0 ? '' : ','}${texts.join(',')}`;
  }
  yield ']}';
}

async function measureHere(method: string, url: string): Promise<Measured> {
  const read = METHODS[method];
  if (read === undefined) throw new Error(`unknown method: ${method}`);
  const records: unknown[] = [];
  const isPods = url.endsWith('pods');
  const take = (item: unknown) => {
    // The body is this file's own, so of the shape that is expected.
    if (isPods) records.push(projectPod(item as PodObject));
    else records.push(projectPodUsage(item as PodMetricsObject));
  };
  const [body]: IncomingMessage[] = await once(get(url), 'response');
  if (body === undefined) throw new Error(`no answer from ${url}`);
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  await read(body, take);
  const totalMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  // A stall is seen only when the loop turns again.
  await new Promise((resolve) => setTimeout(resolve, 5));
  return {
    totalMs,
    cpuMs: (user + system) / 1000,
    longestStallMs: delay.max / 1e6,
    peakMib: process.resourceUsage().maxRSS / 1024,
    count: records.length,
  };
}

/** Of each figure the best: what else the machine does only makes them worse. */
async function bestOf(runs: number, method: string, url: string): Promise<Measured> {
  const all: Measured[] = [];
  for (let run = 0; run < runs; run += 1) {
    const file = fileURLToPath(import.meta.url);
    const { stdout } = await promisify(execFile)(process.execPath, [...process.execArgv, file, method, url]);
    all.push(JSON.parse(stdout));
  }
  const least = (value: (measured: Measured) => number) => Math.min(...all.map(value));
  return {
    totalMs: least(({ totalMs }) => totalMs),
    cpuMs: least(({ cpuMs }) => cpuMs),
    longestStallMs: least(({ longestStallMs }) => longestStallMs),
    peakMib: least(({ peakMib }) => peakMib),
    count: least(({ count }) => count),
  };
}

async function compare(): Promise<void> {
  const server = createServer((request, response) => {
    const list = request.url === '/pods' ? 'pods' : 'podMetrics';
    Readable.from(bodyText(list)).pipe(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  for (const list of ['podMetrics', 'pods'] as const) {
    const rows: string[][] = [];
    for (const method of Object.keys(METHODS)) {
      const best = await bestOf(RUNS, method, `http://127.0.0.1:${port}/${list}`);
      const numbers = [best.totalMs, best.cpuMs, best.longestStallMs, best.peakMib];
      rows.push([method, `${best.count}`, ...numbers.map((value) => value.toFixed(0))]);
    }
    printTable(`${list}`, ['way', 'items', 'total ms', 'CPU ms', 'longest stall ms', 'peak RSS MiB'], rows);
  }
  server.close();
}

const [method, url] = process.argv.slice(2);
if (method !== undefined && url !== undefined) console.log(JSON.stringify(await measureHere(method, url)));
else await compare();
