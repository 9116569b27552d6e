import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { importEvents } from '../../src/commands/import-events.ts';
import { temporaryFolder } from '../fake/kubeconfig.ts';
import { deployment, node } from '../recorder/scene.ts';

/** The files that `import events` reads, and what becomes of them. */

export const START_MS = Date.parse('2026-03-01T12:00:00Z');

/**
 * An event at so many seconds; imported traces begin a minute before the first.
 *
 * @param involved `kind/name`
 */
export function event(seconds: number, involved: string, reason: string, message = '') {
  const [kind, name] = involved.split('/');
  const time = new Date(START_MS + seconds * 1000).toISOString();
  const namespace = kind === 'Node' ? 'default' : 'fn';
  return {
    kind: 'Event',
    involvedObject: { kind, name, namespace },
    reason,
    message,
    firstTimestamp: time,
    lastTimestamp: time,
  };
}

export const scaled = (seconds: number, text: string, replicaSet = 'web-7d4b9', deploymentName = 'web') =>
  event(
    seconds,
    `Deployment/${deploymentName}`,
    'ScalingReplicaSet',
    `Scaled up replica set ${replicaSet} ${text}`,
  );
export const rescaled = (seconds: number, size: number) =>
  event(
    seconds,
    'HorizontalPodAutoscaler/web',
    'SuccessfulRescale',
    `New size: ${size}; reason: All metrics below target`,
  );
export const scheduled = (seconds: number, name: string, nodeName: string) =>
  event(seconds, `Pod/${name}`, 'Scheduled', `Successfully assigned fn/${name} to ${nodeName}`);
export const deleted = (seconds: number, name: string) =>
  event(seconds, 'ReplicaSet/web-7d4b9', 'SuccessfulDelete', `Deleted pod: ${name}`);

interface Files {
  readonly events: unknown;
  readonly nodes?: unknown;
  readonly deployments?: unknown;
  readonly hpas?: unknown;
  readonly pods?: unknown;
}

const list = (items: readonly unknown[]) => ({ apiVersion: 'v1', kind: 'List', items });

export async function run(files: Files, expectPods = false) {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: unknown) => {
    const path = join(folder, `${name}.json`);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const {
    events,
    nodes = [node('edge-1'), node('cloud-1')],
    deployments = [deployment(2)],
    hpas,
    pods,
  } = files;
  const given = (value: unknown) => (Array.isArray(value) ? list(value) : value);
  const output = join(folder, 'trace.json');
  let err = '';
  const code = await importEvents(
    {
      events: file('events', given(events)),
      nodes: file('nodes', given(nodes)),
      deployments: file('deployments', given(deployments)),
      hpas: hpas === undefined ? undefined : file('hpas', given(hpas)),
      pods: pods === undefined ? undefined : file('pods', given(pods)),
      output,
      name: 'events',
      expect: expectPods,
    },
    { out: () => undefined, err: (text) => (err += text) },
  );
  const problems = err.replaceAll(`${folder}/`, '');
  return { code, err: problems, document: () => JSON.parse(readFileSync(output, 'utf8')) };
}
