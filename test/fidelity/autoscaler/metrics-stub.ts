import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** @returns the items of a list of PodMetrics; undefined: there is no answer to be had */
export type AnswerMetrics = (namespace: string) => readonly object[] | undefined;

export interface MetricsStub {
  readonly port: number;
  readonly stop: () => Promise<void>;
}

const GROUP = '/apis/metrics.k8s.io/v1beta1';
const LIST = new RegExp(`^${GROUP}/namespaces/([^/]+)/pods$`);

/**
 * In the place of metrics-server: what API server and autoscalers ask of metrics.k8s.io, with answers of the
 * test's own.
 *
 * @param pki the control plane's keys
 */
export async function startMetricsStub(pki: string, answer: AnswerMetrics): Promise<MetricsStub> {
  const key = readFileSync(join(pki, 'server.key'));
  const cert = readFileSync(join(pki, 'server.crt'));
  const server = createServer({ key, cert }, (request, response) => {
    const path = new URL(request.url ?? '/', 'https://127.0.0.1').pathname;
    const body = path === GROUP ? RESOURCES : listOf(path, answer);
    response.writeHead(body === undefined ? 503 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? {}));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** The API server calls the group available once it answers this. */
const RESOURCES = {
  kind: 'APIResourceList',
  apiVersion: 'v1',
  groupVersion: 'metrics.k8s.io/v1beta1',
  resources: [
    { name: 'pods', singularName: '', namespaced: true, kind: 'PodMetrics', verbs: ['get', 'list'] },
  ],
};

function listOf(path: string, answer: AnswerMetrics): object | undefined {
  const namespace = LIST.exec(path)?.[1];
  const items = namespace === undefined ? undefined : answer(namespace);
  return items && { kind: 'PodMetricsList', apiVersion: 'metrics.k8s.io/v1beta1', metadata: {}, items };
}
