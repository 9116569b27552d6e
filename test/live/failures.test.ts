import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, inject, it } from 'vitest';
import { BlockingHttp } from '../../src/live/blocking-http.ts';
import { connectExtender, ExtenderLost } from '../../src/live/live-extender.ts';
import { refuseActs } from '../../src/rebalance/acts.ts';
import type { OpenLink } from '../../src/simulator/link.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { traceDocument, traceOf } from '../simulator/traces.ts';
import { type ExtenderProcess, startExtender } from './extender-process.ts';

const TIMEOUT_MS = 30_000;

describe('what is no live extender', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.close();
    server?.closeAllConnections();
    server = undefined;
  });

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    return `http://127.0.0.1:${port}`;
  }

  it.each(['8888', 'localhost:8888', 'https://127.0.0.1:8888', 'ftp://127.0.0.1'])('%s', async (url) => {
    expect(await connectExtender(url)).toEqual({
      ok: false,
      message: `found ${url}, allowed: a URL like http://127.0.0.1:8888`,
    });
  });

  it('nothing that listens', async () => {
    const url = await serve(() => undefined);
    server?.close();
    expect(await connectExtender(url)).toMatchObject({
      ok: false,
      message: expect.stringMatching(/ does not answer: .*ECONNREFUSED/),
    });
  });

  it.each([
    { name: 'an extender with a cluster of its own', status: 404, body: '', says: 'takes no simulation' },
    { name: 'something broken', status: 500, body: '', says: 'answers 500 to GET /simulation' },
    { name: 'another kind of page', status: 200, body: '<html>', says: 'does not answer as' },
    {
      name: 'another format',
      status: 200,
      body: '{"format":"simulate.spillway.dev/v2","version":"9.0.0"}',
      says: 'is Spillway 9.0.0, which is fed in the format simulate.spillway.dev/v2; this one speaks',
    },
  ])('$name', async ({ status, body, says }) => {
    const url = await serve((_request, response) => void response.writeHead(status).end(body));
    expect(await connectExtender(url)).toEqual({ ok: false, message: expect.stringContaining(says) });
  });

  it('one that does not answer in time', async () => {
    // It lives on this thread, which sleeps until the answer comes.
    const http = await BlockingHttp.start(`${await serve(() => undefined)}/`, 100);
    expect(http.post('./filter', '{}')).toEqual({ problem: 'no answer within 0.1 s' });
    await http.stop();
  });
});

describe('a live extender in the middle of a run', { timeout: TIMEOUT_MS }, () => {
  let extender: ExtenderProcess;
  let close: (() => Promise<void>) | undefined;

  afterEach(async () => {
    await close?.();
    await extender.stop();
  });

  /** Runs a trace and does something at the third question. */
  async function disturbedRun(disturb: (openLink: OpenLink) => void): Promise<unknown> {
    extender = await startExtender(inject('bundle'));
    const live = await connectExtender(extender.url);
    if (!live.ok) throw new Error(live.message);
    close = live.close;
    let asked = 0;
    const openLink: OpenLink = (input) => {
      const link = live.openLink(input);
      const ask: typeof link.ask = (verb, body) => {
        asked += 1;
        if (asked === 3) disturb(live.openLink);
        return link.ask(verb, body);
      };
      return { ...link, ask };
    };
    const trace = await traceOf(
      traceDocument({ events: [{ at: '5s', scale: { deployment: 'fn/web', replicas: 9 } }] }),
    );
    try {
      return simulate(trace, { openLink });
    } catch (error) {
      return error;
    }
  }

  it('dies', async () => {
    const error = await disturbedRun(() => extender.child.kill('SIGKILL'));
    expect(error).toBeInstanceOf(ExtenderLost);
    expect(String(error)).toMatch(/POST \/\w.* was not answered: .*(ECONNRE|socket hang up)/);
  });

  it('is taken over by another run', async () => {
    const observer = { decided: () => undefined, failedOpen: () => undefined };
    const { configuration } = await traceOf(traceDocument());
    const error = await disturbedRun(
      (openLink) =>
        void openLink({
          configuration: {
            ...configuration,
            apiVersion: 'spillway.dev/v1alpha1',
            kind: 'SpillwayConfiguration',
          },
          now: () => 0,
          observer,
          port: refuseActs('not here'),
        }),
    );
    expect(error).toBeInstanceOf(ExtenderLost);
    expect(String(error)).toContain('was answered 409: {"error":"the run is over: another one has begun');
  });
});
