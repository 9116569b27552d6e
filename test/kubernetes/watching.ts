import { expect, onTestFinished } from 'vitest';
import { Reflector, type ReflectorTimings } from '../../src/kubernetes/reflector.ts';
import { type Runtime, systemRuntime } from '../../src/kubernetes/runtime.ts';
import { type Setup, SHORT_TIMINGS, until } from './harness.ts';

export const PODS_PATH = '/api/v1/pods';

export interface Watching extends Setup {
  readonly reflector: Reflector<string>;
  /** `+uid` and `-uid`, in the order told. */
  readonly told: string[];
  /** Uids that are known now. */
  readonly known: ReadonlySet<string>;
  readonly restarts: string[];
  readonly logged: string[];
}

/** A reflector of the fake's pods, stopped with the test. */
export function watchPods(
  setup: Setup,
  timings: ReflectorTimings = SHORT_TIMINGS,
  runtime: Runtime = systemRuntime,
): Watching {
  const told: string[] = [];
  const known = new Set<string>();
  const restarts: string[] = [];
  const logged: string[] = [];
  const reflector = new Reflector<string>({
    connection: setup.connection,
    resource: 'pods',
    path: PODS_PATH,
    project: ({ metadata }) => {
      if (metadata.labels?.['broken'] !== undefined) throw new Error('spec.containers is not a list');
      return metadata.uid ?? '';
    },
    seen: (uid) => {
      told.push(`+${uid}`);
      known.add(uid);
    },
    gone: ({ uid }) => {
      told.push(`-${uid}`);
      known.delete(uid);
    },
    observer: {
      watchRestarted: (_resource, cause) => restarts.push(cause),
      log: (_level, message, fields) => logged.push(`${message} ${JSON.stringify(fields)}`),
    },
    runtime,
    timings,
  });
  onTestFinished(() => reflector.stop());
  reflector.start();
  return { ...setup, reflector, told, known, restarts, logged };
}

/** Waits until so many watches were asked for. */
export async function watchCount({ server }: Setup, count: number): Promise<void> {
  await until(() => expect(server.requestsOf(PODS_PATH, 'watch').length).toBeGreaterThanOrEqual(count));
}

/** Requests for the collection, or a page of it: not those for its version alone. */
export function pagesAskedFor({ server }: Setup): number {
  return server.requestsOf(PODS_PATH, 'list').filter(({ query }) => query.get('limit') !== '1').length;
}
