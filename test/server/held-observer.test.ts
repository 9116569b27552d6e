import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { ExtenderObserver } from '../../src/extender/context.ts';
import { NO_ANNOTATION_PROBLEMS } from '../../src/placement/annotations.ts';
import { BodyBudget } from '../../src/server/body-budget.ts';
import { createCallers } from '../../src/server/callers.ts';
import { holdBack } from '../../src/server/held-observer.ts';
import { createVerbListener } from '../../src/server/verbs.ts';
import { context, namesArgs, scene } from '../extender/scene.ts';
import { withServer } from './harness.ts';

async function post(url: string, body: string): Promise<unknown> {
  return (await fetch(url, { method: 'POST', body })).json();
}

describe('an observer that is held back', () => {
  it('is told all, in the order in which it came, once', () => {
    const told: unknown[] = [];
    const observer: ExtenderObserver = {
      rejected: (...all) => told.push(['rejected', ...all]),
      failedOpen: (...all) => told.push(['failedOpen', ...all]),
    };
    const held = holdBack(observer);
    held.observer.rejected?.('filter', 'first');
    held.observer.failedOpen?.('prioritize', 'second');
    held.observer.preempted?.({ uid: '', namespace: '', name: '' }, [], [], NO_ANNOTATION_PROBLEMS);
    expect(told).toEqual([]);
    held.tell();
    held.tell();
    expect(told).toEqual([
      ['rejected', 'filter', 'first'],
      ['failedOpen', 'prioritize', 'second'],
    ]);
  });

  it.each(['filter', 'prioritize'] as const)('hears of a %s once its answer is sent', async (verb) => {
    const sent: boolean[] = [];
    let isSent = () => false;
    const look = () => sent.push(isSent());
    const listener = createVerbListener({
      extender: context(scene(), { decided: look, ranked: look }),
      missing: () => [],
      observer: {},
      maxBodyBytes: 1_000_000,
      budget: new BodyBudget(1_000_000),
      refusal: () => undefined,
      callers: createCallers(),
      draining: () => false,
    });
    const server = createServer((request, response) => {
      isSent = () => response.writableEnded;
      listener(verb, request, response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    await post(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, namesArgs());
    server.close();
    expect(sent).toEqual([true]);
  });

  it('takes no answer with it when it fails', async () => {
    const logged: unknown[] = [];
    const decided = () => {
      throw new Error('defect');
    };
    await withServer(
      async (url) => {
        for (let times = 0; times < 2; times += 1) {
          expect(await post(`${url}/filter`, namesArgs())).toEqual({ NodeNames: ['edge-1'] });
        }
      },
      {
        extender: context(scene(), { decided }),
        observer: { log: (...all) => logged.push(all) },
      },
    );
    const line = ['warn', 'observer failed', { verb: 'filter', error: 'Error: defect' }];
    expect(logged).toEqual([line, line]);
  });
});
