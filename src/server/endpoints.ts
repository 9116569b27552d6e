import { VERBS } from '../extender/context.ts';

export interface Endpoint {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly what: string;
}

/** Everything there is to ask for: told to whoever asks for something else. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...VERBS.map(
    (verb) => ({ method: 'POST', path: `/${verb}`, what: `the scheduler's ${verb} call` }) as const,
  ),
  { method: 'GET', path: '/livez', what: '200 while the process answers' },
  { method: 'GET', path: '/readyz', what: '200 once questions can be answered; 503 says what is missing' },
  { method: 'GET', path: '/metrics', what: 'metrics in the Prometheus text format' },
  {
    method: 'GET',
    path: '/debug/decisions',
    what: 'recent decisions; ?pod=namespace/name, ?limit=1..100',
  },
  { method: 'GET', path: '/debug/nodes', what: 'what is known of every node; ?tier=edge or cloud' },
  { method: 'GET', path: '/status.json', what: 'version, readiness, counts' },
];

export function describeEndpoints(endpoints: readonly Endpoint[]): readonly string[] {
  return endpoints.map(({ method, path, what }) => `${method} ${path}: ${what}`);
}
