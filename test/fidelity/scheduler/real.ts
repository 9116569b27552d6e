import type { Binaries } from '../../control-plane/harness/build.ts';
import { type KubeClient, KubeError } from '../../control-plane/harness/kube.ts';
import { ControlPlane, defaultSchedulerConfig } from '../../control-plane/harness/plane.ts';
import type { Namespaced, NumberedCase } from './cases.ts';
import { createLogReader, LOG_FLAGS, type LogReader } from './log.ts';
import { isAnswered, type RealAnswer, readAnswer } from './read-answer.ts';

export interface RealScheduler {
  /** As the API server says it; the scheduler is of the same build. */
  readonly version: string;
  /** @returns undefined when the API server refuses an object of the case */
  readonly ask: (one: NumberedCase) => Promise<RealAnswer | undefined>;
  readonly stop: () => Promise<void>;
}

/**
 * etcd, kube-apiserver and kube-scheduler, and no controllers: nothing but the scheduler changes a case.
 *
 * @param cases all that will be asked about. What plugins only look up, and the log says nothing of, is there
 *   before the scheduler starts: it knows it from its first list.
 */
export async function startRealScheduler(
  binaries: Binaries,
  runDir: string,
  cases: readonly NumberedCase[],
): Promise<RealScheduler> {
  const plane = await ControlPlane.start(binaries, runDir, {
    without: ['controllerManager', 'kwok', 'metricsServer', 'scheduler'],
    loadTest: true,
    // It would taint new nodes until the node controller, which is not here, has seen them ready.
    flags: { apiserver: ['--disable-admission-plugins=TaintNodesByCondition'] },
  });
  try {
    await Promise.all(cases.map((one) => createLookups(plane.kube, one)));
    const kubeconfig = plane.schedulerKubeconfig;
    const clientConnection = { kubeconfig, qps: 1000, burst: 2000 };
    const config = { ...defaultSchedulerConfig(kubeconfig), clientConnection };
    const program = await plane.addScheduler('scheduler-asked', config, kubeconfig, { flags: LOG_FLAGS });
    await program.start();
    const log = createLogReader(program.logFile);
    const { gitVersion } = await plane.kube.get<{ readonly gitVersion: string }>('/version');
    return { version: gitVersion, ask: (one) => ask(plane.kube, log, one), stop: () => plane.stop() };
  } catch (error) {
    await plane.stop();
    throw error;
  }
}

async function createLookups(kube: KubeClient, { namespaces, objects }: NumberedCase): Promise<void> {
  await Promise.all(namespaces.map((name) => kube.create('/api/v1/namespaces', { metadata: { name } })));
  for (const { metadata, spec } of objects.replicaSets) {
    const template = {
      metadata: { labels: spec.selector.matchLabels },
      spec: { containers: [{ name: 'a', image: 'image' }] },
    };
    const path = `/apis/apps/v1/namespaces/${metadata.namespace}/replicasets`;
    await kube.create(path, { metadata, spec: { ...spec, template } });
  }
  for (const { metadata, spec } of objects.services) {
    // Headless: it needs neither an address nor ports.
    const path = `/api/v1/namespaces/${metadata.namespace}/services`;
    await kube.create(path, { metadata, spec: { ...spec, clusterIP: 'None' } });
  }
}

/** Sets the scene, lets the scheduler see all of it, then lets the pod in; and clears up. */
async function ask(kube: KubeClient, log: LogReader, one: NumberedCase): Promise<RealAnswer | undefined> {
  const { pod, nodes, pods } = one.objects;
  try {
    await Promise.all([
      ...nodes.map((node) => kube.create('/api/v1/nodes', node)),
      ...pods.map((there) => createThere(kube, there)),
    ]);
    const expected = [
      ...nodes.map(({ metadata }) => `"Add event for node" node="${metadata.name}"`),
      ...pods.map((there) => `"Add event for scheduled pod" pod="${keyOf(there)}"`),
    ];
    await log.waitFor(`case ${one.number}`, (lines) =>
      expected.every((text) => lines.some((line) => line.includes(text))),
    );
    await kube.create(podsOf(pod), withoutUid(pod));
    const lines = await log.waitFor(`the answer to case ${one.number}`, (found) =>
      isAnswered(found, keyOf(pod)),
    );
    return readAnswer(lines, keyOf(pod));
  } catch (error) {
    if (error instanceof KubeError && error.status === 422) return undefined;
    throw error;
  } finally {
    await Promise.all([
      ...one.namespaces.map((name) => kube.remove(`/api/v1/namespaces/${name}/pods`)),
      ...nodes.map(({ metadata }) => kube.remove(`/api/v1/nodes/${metadata.name}`)),
    ]);
  }
}

/** A pod that is being deleted is one whose kubelet has not answered yet. */
async function createThere(kube: KubeClient, pod: Namespaced): Promise<void> {
  await kube.create(podsOf(pod), withoutUid(pod));
  if (pod.metadata.deletionTimestamp === undefined) return;
  await kube.remove(`${podsOf(pod)}/${pod.metadata.name}`, 3600);
}

function withoutUid({ metadata, ...rest }: Namespaced): object {
  const { uid: _, deletionTimestamp: __, ...kept } = metadata;
  return { ...rest, metadata: kept };
}

function podsOf({ metadata }: Namespaced): string {
  return `/api/v1/namespaces/${metadata.namespace}/pods`;
}

function keyOf({ metadata }: Namespaced): string {
  return `${metadata.namespace}/${metadata.name}`;
}
