import { VERBS } from '../placement/verbs.ts';
import type { Access } from './access.ts';

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly what: string;
  /** `scheduler` is served where the scheduler asks; all else on the management listener, if there is one. */
  readonly access: Access;
}

/** Everything there is to ask for: told to whoever asks for something else. */
export const ENDPOINTS = [
  ...VERBS.map((verb) => ({
    method: 'POST' as const,
    path: `/${verb}` as const,
    what: `the scheduler's ${verb} call`,
    access: 'scheduler' as const,
  })),
  { method: 'GET', path: '/livez', what: '200 while the process answers', access: 'open' },
  {
    method: 'GET',
    path: '/readyz',
    what: '200 once questions can be answered; 503 says what is missing',
    access: 'open',
  },
  { method: 'GET', path: '/metrics', what: 'metrics in the Prometheus text format', access: 'open' },
  {
    method: 'GET',
    path: '/debug/decisions',
    what: 'recent decisions; ?pod=namespace/name, ?limit=1..100',
    access: 'operator',
  },
  {
    method: 'GET',
    path: '/debug/nodes',
    what: 'what is known of every node; ?tier=edge or cloud',
    access: 'operator',
  },
  { method: 'GET', path: '/status.json', what: 'version, readiness, counts', access: 'operator' },
] as const satisfies readonly Endpoint[];

export type Path = (typeof ENDPOINTS)[number]['path'];

export function describeEndpoints(endpoints: readonly Endpoint[]): readonly string[] {
  return endpoints.map(({ method, path, what }) => `${method} ${path}: ${what}`);
}
