import { execFile, execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { FORMAT } from '../../src/live/protocol.ts';
import type { SimulationResult } from '../../src/outcome/result.ts';
import { type ExtenderProcess, startExtender } from '../live/extender-process.ts';
import { simulationsPath } from '../simulator/traces.ts';

const TIMEOUT_MS = 60_000;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

describe('spillway serve-simulation, and simulate --extender, as they are bundled', {
  timeout: TIMEOUT_MS,
}, () => {
  const built = inject('bundle');
  let extender: ExtenderProcess;

  beforeAll(async () => {
    extender = await startExtender(built);
  }, TIMEOUT_MS);

  afterAll(() => extender.stop());

  function simulate(...args: readonly string[]): Promise<Ended> {
    const all = [join(built, 'simulate.js'), '--trace', simulationsPath('e1.json'), ...args];
    return new Promise((resolve) => {
      const child = execFile(process.execPath, all, { maxBuffer: 1e8 }, (_error, out, err) =>
        resolve({ code: child.exitCode, out, err }),
      );
    });
  }

  it.each([['table'], ['json'], ['junit']])('print the same and exit with 0: --output %s', async (output) => {
    const inProcess = await simulate('--output', output);
    expect(inProcess).toMatchObject({ code: 0, err: '' });
    expect(await simulate('--output', output, '--extender', extender.url)).toEqual(inProcess);
  });

  it('exit with 2 when nothing answers at the URL', async () => {
    expect(await simulate('--extender', 'http://127.0.0.1:1')).toEqual({
      code: 2,
      out: '',
      err: expect.stringMatching(/^--extender: http:\/\/127\.0\.0\.1:1 does not answer: .+\n$/),
    });
  });

  it('exit with 2 where no extender is asked', async () => {
    const ended = await simulate('--extender', extender.url, '--policy', 'default');
    expect(ended).toEqual({ code: 2, out: '', err: '--extender: the policy default asks no extender\n' });
  });

  it.each(['--compare=default', '--sweep=threshold=0.8'])('exit with 2 beside %s', async (other) => {
    const { code, err } = await simulate('--extender', extender.url, other);
    expect([code, err]).toEqual([2, expect.stringContaining('cannot be used with')]);
  });

  it('exit with 1, and say so, when the extender is lost in the middle', async () => {
    let fed = 0;
    const ended = await withServer(
      (request, response) => {
        if (request.url === '/simulation') response.end(JSON.stringify({ format: FORMAT }));
        else if (request.url === '/simulation/start') response.end('{"run":"1"}');
        else if (fed === 3) response.destroy();
        else {
          fed += 1;
          response.end('{"decisions":[],"failures":[],"forecasts":[],"acts":[]}');
        }
      },
      (url) => simulate('--extender', url),
    );
    expect(ended).toEqual({
      code: 1,
      out: '',
      err: expect.stringMatching(
        /^--extender: the run with \S+ was given up: POST \S+ was not answered: .+\n$/,
      ),
    });
  });

  it('exit with 1 when the extender failed open: a defect must not pass here', async () => {
    const ended = await withServer(
      (request, response) => {
        if (request.url === '/simulation') response.end(JSON.stringify({ format: FORMAT }));
        else if (request.url === '/simulation/start') response.end('{"run":"1"}');
        else
          response.end(
            '{"decisions":[],"failures":[{"verb":"filter","error":"a bug"}],"forecasts":[],"acts":[]}',
          );
      },
      (url) => simulate('--extender', url),
    );
    expect([ended.code, ended.err]).toEqual([1, expect.stringMatching(/filter failed[\s\S]*a bug/)]);
  });

  it('drive any extender that takes a simulation', async () => {
    const { code, out } = await withServer(
      (request, response) => {
        if (request.url === '/simulation') response.end(JSON.stringify({ format: FORMAT }));
        else if (request.url === '/simulation/start') response.end('{"run":"1"}');
        else if (request.url === '/filter') response.end('{"NodeNames":["cloud-2"]}');
        else response.end('{"decisions":[],"failures":[],"forecasts":[],"acts":[]}');
      },
      (url) => simulate('--extender', url, '--output', 'json'),
    );
    expect(code).toBe(3);
    const { pods, decisions }: SimulationResult = JSON.parse(out);
    // Where requests leave no room the answer is none, and the pod waits.
    expect(new Set(pods.map(({ node }) => node))).toEqual(new Set(['cloud-2', undefined]));
    expect(decisions).toEqual([]);
  });

  it.each(['65536', '-1', 'x'])('serve-simulation --port %s: exit with 2', (port) => {
    const args = [join(built, 'spillway.js'), 'serve-simulation', '--port', port];
    expect(() => execFileSync(process.execPath, args, { stdio: 'pipe' })).toThrow(
      expect.objectContaining({ status: 2 }),
    );
  });

  async function withServer<T>(listener: RequestListener, use: (url: string) => Promise<T>): Promise<T> {
    const server = createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    try {
      return await use(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }
});
