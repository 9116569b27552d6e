import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read.ts';
import { isLoopback } from '../../src/server/access.ts';

type Way = 'second-scheduler' | 'default-profile';

interface Probe {
  readonly httpGet: { readonly host?: string; readonly path: string; readonly port: string };
}
interface Container {
  readonly name: string;
  readonly ports: readonly { readonly name: string; readonly containerPort: number }[];
  readonly livenessProbe: Probe;
  readonly readinessProbe: Probe;
  readonly resources: { readonly limits: { readonly memory: string } };
}

function text(way: Way, file: string): string {
  return readFileSync(
    fileURLToPath(new URL(`../../deploy/kustomize/${way}/${file}`, import.meta.url)),
    'utf8',
  );
}

function configOf(way: Way): Config {
  const read = readConfig(text(way, 'config.yaml'));
  if (!read.ok) throw new Error('not valid');
  return read.config;
}

function containersOf(way: Way): readonly Container[] {
  const file = way === 'second-scheduler' ? 'deployment.yaml' : 'daemon-set.yaml';
  return parse(text(way, file)).spec.template.spec.containers;
}

const WAYS = [{ way: 'second-scheduler' }, { way: 'default-profile' }] as const;

describe.each(WAYS)('deploy/kustomize/$way', ({ way }) => {
  const { server } = configOf(way);
  const spillway = containersOf(way).find(({ name }) => name === 'spillway');
  const portOf = (name: string) => spillway?.ports.find((port) => port.name === name)?.containerPort;

  it('lets nobody ask the verbs but who shares the loopback with Spillway', () => {
    expect(isLoopback(server.bindAddress)).toBe(true);
    const scheduler = readFileSync(
      fileURLToPath(new URL(`../../scheduler-config/${way}/kube-scheduler.yaml`, import.meta.url)),
      'utf8',
    );
    const [extender] = parse(scheduler).extenders;
    expect(extender.urlPrefix).toBe(`http://127.0.0.1:${server.port}`);
  });

  it('probes where health is served', () => {
    const { bindAddress, port } = server.management ?? server;
    for (const { httpGet } of [spillway?.livenessProbe, spillway?.readinessProbe] as readonly Probe[]) {
      expect(portOf(httpGet.port)).toBe(port);
      // The kubelet comes from outside of the pod, unless it is told to take the host's loopback.
      expect(isLoopback(httpGet.host)).toBe(isLoopback(bindAddress));
    }
  });

  it('has memory for what a crowd may make it hold', () => {
    const memoryBytes = Number(/^(\d+)Mi$/.exec(spillway?.resources.limits.memory ?? '')?.[1]) * 1_048_576;
    // Beside it: the picture of 5000 nodes, the question in hand and its answer, what connections hold.
    expect(server.maxBufferedBytes).toBeLessThanOrEqual(memoryBytes / 4);
  });
});

describe('the second scheduler', () => {
  const ports = containersOf('second-scheduler').flatMap((container) => container.ports);
  const byName = new Map(ports.map(({ name, containerPort }) => [name, containerPort]));

  it('is reached by health and metrics alone: its NetworkPolicy admits no other port', () => {
    const { spec } = parse(text('second-scheduler', 'network-policy.yaml'));
    const admitted = spec.ingress.flatMap((rule: { ports: { port: string }[] }) => rule.ports);
    const numbers = admitted.map(({ port }: { port: string }) => byName.get(port));
    expect(numbers).toEqual([configOf('second-scheduler').server.management?.port, 10259]);
    expect(spec.policyTypes).toEqual(['Ingress']);
    const { metadata } = parse(text('second-scheduler', 'deployment.yaml')).spec.template;
    expect(metadata.labels).toMatchObject(spec.podSelector.matchLabels);
  });

  it('has a Service of ports that there are', () => {
    const { spec } = parse(text('second-scheduler', 'service.yaml'));
    const named = spec.ports.map(({ port, targetPort }: { port: number; targetPort: string }) => [
      byName.get(targetPort),
      port,
    ]);
    expect(named).toEqual([
      [8889, 8889],
      [10259, 10259],
    ]);
  });
});
