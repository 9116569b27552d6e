import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import { FakeApiServer } from '../fake/api-server.ts';
import { temporaryFolder, writeKubeconfig } from '../fake/kubeconfig.ts';

const TIMEOUT_MS = 20_000;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('spillway serve', { timeout: TIMEOUT_MS }, () => {
  const started: ChildProcess[] = [];
  const api = new FakeApiServer();
  let folder = '';

  beforeEach(async () => {
    folder = temporaryFolder();
    await api.start();
  });

  afterEach(async () => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
    await api.stop();
    rmSync(folder, { recursive: true });
  });

  function start(args: readonly string[]): {
    child: ChildProcess;
    ended: Promise<Ended>;
    says: (text: RegExp) => Promise<string>;
  } {
    const child = spawn(process.execPath, [join(inject('bundle'), 'spillway.js'), 'serve', ...args]);
    started.push(child);
    const lines: string[] = [];
    let err = '';
    const reader = createInterface({ input: child.stdout });
    reader.on('line', (line) => lines.push(line));
    child.stderr.on('data', (chunk) => {
      err += chunk;
    });
    const ended = once(child, 'close').then(([code]) => ({ code, out: lines.join('\n'), err }));
    return {
      child,
      ended,
      says: async (text) => {
        while (!lines.some((line) => text.test(line))) await once(reader, 'line');
        return lines.find((line) => text.test(line)) ?? '';
      },
    };
  }

  function configFile(over: object = {}): string {
    const file = join(folder, 'config.yaml');
    const config = {
      apiVersion: 'spillway.dev/v1alpha1',
      kind: 'SpillwayConfiguration',
      server: { bindAddress: '127.0.0.1', port: 0, drainTimeout: '2s' },
      kubernetes: { kubeconfig: writeKubeconfig(folder, api.url) },
      ...over,
    };
    writeFileSync(file, JSON.stringify(config));
    return file;
  }

  it.each([
    { name: 'no configuration file', args: [], says: '--config' },
    { name: 'an unknown option', args: ['--config', 'x', '--confg'], says: '--confg' },
    {
      name: 'a file that is not there',
      args: ['--config', '/nowhere/config.yaml'],
      says: '/nowhere/config.yaml',
    },
  ])('$name: says so and exits with 2', async ({ args, says }) => {
    const { code, err } = await start(args).ended;
    expect(code).toBe(2);
    expect(err).toContain(says);
  });

  it('serves until SIGTERM, answers what is under way, and ends with 0', async () => {
    const { child, ended, says } = start(['--config', configFile()]);
    const { port } = JSON.parse(await says(/"listening"/));
    while ((await fetch(`http://127.0.0.1:${port}/readyz`)).status !== 200)
      await new Promise((resolve) => setTimeout(resolve, 20));
    const socket = connect(port, '127.0.0.1');
    const body = '{"Pod":{"metadata":{"name":"web-1"}},"NodeNames":[]}';
    socket.write(`POST /filter HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n{`);
    await fetch(`http://127.0.0.1:${port}/livez`);
    child.kill('SIGTERM');
    await says(/"stopping"/);
    socket.write(body.slice(1));
    const [answer] = await once(socket, 'data');
    expect(String(answer)).toMatch(/^HTTP\/1.1 200 /);
    const { code, out } = await ended;
    expect([code, out]).toEqual([0, expect.stringContaining('"stopped"')]);
  });

  it('ends with 2 and names every field that is wrong, before it does anything', async () => {
    const { ended } = start([
      '--config',
      configFile({ server: { port: 'x' }, placement: { treshold: 0.9 } }),
    ]);
    const { code, err, out } = await ended;
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain('config.yaml is not valid:\n');
    expect(err).toMatch(/server\.port .*found "x", allowed: a whole number/);
    expect(err).toMatch(/placement\.treshold .*did you mean threshold/);
  });

  it('ends with 2 when there is no configuration', async () => {
    const { code, err } = await start(['--config', join(folder, 'none.yaml')]).ended;
    expect([code, err]).toEqual([2, expect.stringContaining('none.yaml cannot be read: ENOENT')]);
  });

  it('ends with 1 and says why when it cannot serve', async () => {
    const kubernetes = { kubeconfig: join(folder, 'nowhere') };
    const { code, out } = await start(['--config', configFile({ kubernetes })]).ended;
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({
      level: 'fatal',
      message: expect.stringMatching(/^cannot serve: kubeconfig .*nowhere/),
    });
  });
});
