import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, readSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { FakeApiServer } from '../fake/api-server.ts';
import { temporaryFolder, writeKubeconfig } from '../fake/kubeconfig.ts';

const TIMEOUT_MS = 30_000;
const DRAIN_TIMEOUT_MS = 2000;
const NODES_ASKED = 900;
const PIPE_BYTES = 64 * 1024;
const BUFFER_BYTES = 4 * 1024 * 1024;
/** Throws when it is told to. */
const DEFECT = 'data:text/javascript,process.once("SIGUSR2",()=>{throw new Error("a bug")})';

type Line = Readonly<Record<string, unknown>>;

/** The reader's end of a pipe that blocks its writer, as a container's runtime makes them. Reads when it is told to. */
class Reader {
  #fd: number;
  #text = '';
  readonly writerFd: number;

  constructor(folder: string) {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    this.#fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    this.writerFd = openSync(path, 'w');
  }

  /** All that is there. */
  read(): string {
    const bytes = Buffer.alloc(PIPE_BYTES);
    try {
      for (let count = -1; count !== 0; ) {
        count = readSync(this.#fd, bytes);
        this.#text += bytes.toString('utf8', 0, count);
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
    return this.#text;
  }

  async until(text: RegExp): Promise<void> {
    while (!text.test(this.read())) await delay(5);
  }

  lines(): readonly Line[] {
    const text = this.read();
    expect(text.at(-1)).toBe('\n');
    return text
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line));
  }

  leave(): void {
    if (this.#fd >= 0) closeSync(this.#fd);
    this.#fd = -1;
  }
}

describe('spillway serve, whose log nobody reads', { timeout: TIMEOUT_MS }, () => {
  const api = new FakeApiServer();
  let folder = '';
  let reader: Reader;
  let child: ChildProcess;
  let ended: Promise<number | null>;
  let url = '';

  beforeEach(async () => {
    await api.start();
    folder = temporaryFolder();
    reader = new Reader(folder);
    const config = {
      apiVersion: 'spillway.dev/v1alpha1',
      kind: 'SpillwayConfiguration',
      server: { bindAddress: '127.0.0.1', port: 0, drainTimeout: `${DRAIN_TIMEOUT_MS}ms` },
      kubernetes: { kubeconfig: writeKubeconfig(folder, api.url) },
      logging: { level: 'trace' },
    };
    writeFileSync(join(folder, 'config.yaml'), JSON.stringify(config));
    const args = [
      '--import',
      DEFECT,
      join(inject('bundle'), 'spillway.js'),
      'serve',
      '--config',
      join(folder, 'config.yaml'),
    ];
    child = spawn(process.execPath, args, { stdio: ['ignore', reader.writerFd, 'inherit'] });
    ended = once(child, 'exit').then(([code]) => code);
    closeSync(reader.writerFd);
    await reader.until(/"listening"/);
    url = `http://127.0.0.1:${reader.lines().find(({ message }) => message === 'listening')?.['port']}`;
    while ((await fetch(`${url}/readyz`)).status !== 200) await delay(10);
  });

  afterEach(async () => {
    child.kill('SIGKILL');
    await ended;
    reader.leave();
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  /** A question that leaves a line for the answer, one for each candidate, and perhaps one about the pod. */
  async function ask(pod: string): Promise<void> {
    const NodeNames = Array.from({ length: NODES_ASKED }, (_, index) => `node-${index}`);
    const body = JSON.stringify({ Pod: { metadata: { name: pod, namespace: 'default' } }, NodeNames });
    const response = await fetch(`${url}/filter`, { method: 'POST', body });
    expect(response.status).toBe(200);
    await response.text();
  }

  async function fill(bytes: number): Promise<void> {
    for (let asked = 0; asked * NODES_ASKED * 100 < bytes; asked += 1) await ask(`web-${asked}`);
  }

  async function dropped(): Promise<number> {
    const page = await (await fetch(`${url}/metrics`)).text();
    return Number(/^spillway_log_lines_dropped_total (\d+)$/m.exec(page)?.[1]);
  }

  async function endOf(signal: NodeJS.Signals): Promise<{ code: number | null; tookMs: number }> {
    const beganMs = performance.now();
    child.kill(signal);
    const code = await ended;
    return { code, tookMs: performance.now() - beganMs };
  }

  const full = [
    { what: 'the pipe', bytes: 2 * PIPE_BYTES },
    { what: 'the buffer', bytes: 2 * BUFFER_BYTES },
  ];

  it.each(full)('ends with 0 by the drain timeout when $what is full', async ({ bytes }) => {
    await fill(bytes);
    const { code, tookMs } = await endOf('SIGTERM');
    expect(code).toBe(0);
    expect(tookMs).toBeLessThan(DRAIN_TIMEOUT_MS + 1000);
    // What the reader finds later ends with the end of a line.
    expect(reader.lines().length).toBeGreaterThan(100);
  });

  it.each(full)('ends with 1 within a second after a defect when $what is full', async ({ bytes }) => {
    await fill(bytes);
    const { code, tookMs } = await endOf('SIGUSR2');
    expect(code).toBe(1);
    expect(tookMs).toBeLessThan(1000);
  });

  it('keeps 4 MiB for the reader, counts what it drops, and says so when it is back', async () => {
    await fill(2 * BUFFER_BYTES);
    const count = await dropped();
    expect(count).toBeGreaterThan(1000);
    await reader.until(/"dropped":/);
    const before = reader.read().length;
    expect(before).toBeLessThan(BUFFER_BYTES + 2 * PIPE_BYTES);
    expect(reader.lines().find(({ dropped: lines }) => lines !== undefined)).toMatchObject({
      level: 'warn',
      dropped: count,
      message: 'log lines dropped: standard output was not read',
    });
    await ask('late');
    await reader.until(/default\/late/);
    expect(await dropped()).toBe(count);
  });

  it('answers on when the reader is gone, and ends with 0', async () => {
    reader.leave();
    await fill(PIPE_BYTES);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    expect((await endOf('SIGTERM')).code).toBe(0);
  });

  it('loses nothing at the end where the reader reads', async () => {
    await fill(BUFFER_BYTES / 2);
    const leaving = endOf('SIGTERM');
    await reader.until(/"stopped"/);
    const { code, tookMs } = await leaving;
    expect([code, tookMs < DRAIN_TIMEOUT_MS]).toEqual([0, true]);
    const lines = reader.lines();
    expect(lines.at(-1)).toMatchObject({ message: 'stopped' });
    const asked = lines.filter(({ message }) => /^default\/web-\d+: /.test(String(message))).length;
    expect(lines.filter(({ level }) => level === 'trace').length).toBe(asked * NODES_ASKED);
    expect(asked).toBeGreaterThan(20);
  });

  it('says which defect ended it where the reader reads', async () => {
    await fill(4 * PIPE_BYTES);
    const leaving = endOf('SIGUSR2');
    await reader.until(/"defect"/);
    expect((await leaving).code).toBe(1);
    expect(reader.lines().at(-1)).toMatchObject({ level: 'fatal', error: { message: 'a bug' } });
  });
});
