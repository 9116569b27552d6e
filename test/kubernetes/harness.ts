import { rmSync } from 'node:fs';
import { onTestFinished, vi } from 'vitest';
import { type Connection, connectionFromKubeconfig } from '../../src/kubernetes/connection.ts';
import { REFLECTOR_TIMINGS, type ReflectorTimings } from '../../src/kubernetes/reflector.ts';
import { type Runtime, systemRuntime } from '../../src/kubernetes/runtime.ts';
import { FakeApiServer } from '../fake/api-server.ts';
import { temporaryFolder, writeKubeconfig } from '../fake/kubeconfig.ts';

/** The product's times, so short that tests need not wait. */
export const SHORT_TIMINGS = {
  ...REFLECTOR_TIMINGS,
  backOff: { baseMs: 5, maxMs: 50 },
  openTimeoutMs: 500,
  listIdleTimeoutMs: 500,
  listTotalTimeoutMs: 2000,
} as const satisfies ReflectorTimings;

export interface Setup {
  readonly server: FakeApiServer;
  readonly connection: Connection;
  readonly folder: string;
  readonly kubeconfig: string;
}

/** A fake API server and a connection to it, both ended with the test. */
export async function setUp(user: object = {}): Promise<Setup> {
  const server = new FakeApiServer();
  await server.start();
  const folder = temporaryFolder();
  const kubeconfig = writeKubeconfig(folder, server.url, user);
  const connection = connectionFromKubeconfig(kubeconfig);
  onTestFinished(async () => {
    connection.close();
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  return { server, connection, folder, kubeconfig };
}

/** Time that passes only by sleeping, up to an end: shows how often something is tried in so long. */
export function virtualRuntime(
  randomValue: number,
  endMs = Number.POSITIVE_INFINITY,
): Runtime & { readonly slept: readonly number[] } {
  const slept: number[] = [];
  let nowMs = 0;
  return {
    slept,
    nowMs: () => nowMs,
    random: () => randomValue,
    sleep: async (ms, signal) => {
      slept.push(ms);
      nowMs += ms;
      const isOver = nowMs >= endMs;
      await systemRuntime.sleep(isOver ? 1_000_000 : 0, signal);
    },
  };
}

/** Waits until an assertion holds, long enough for a machine that does much else. */
export async function until(assertion: () => void): Promise<void> {
  await vi.waitFor(assertion, { timeout: 4500, interval: 5 });
}
