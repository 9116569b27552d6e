import type { NodeObject } from '../../../src/picture/objects.ts';
import type { LabelSelector } from '../../../src/placement/selector.ts';
import { createRandom } from '../../../src/simulator/engine/random.ts';
import { attempt } from '../../../src/simulator/scheduler/cycle.ts';
import {
  addPod,
  createNodeInfo,
  type NodeInfo,
  nodeState,
} from '../../../src/simulator/scheduler/node-info.ts';
import { addToTree, createNodeTree, namesInOrder } from '../../../src/simulator/scheduler/node-tree.ts';
import type { FilterPlugin, Profile } from '../../../src/simulator/scheduler/plugin.ts';
import { createPodInfo, type PodInfo } from '../../../src/simulator/scheduler/pod-info.ts';
import { defaultProfile } from '../../../src/simulator/scheduler/profile.ts';
import type { TracePod } from '../../../src/trace/kubernetes.ts';

/** One pod and a cluster as it stands, as `kubectl get -o json` prints them. */
export interface SingleQuestion {
  readonly pod: TracePod;
  readonly nodes: readonly NodeObject[];
  /** On the nodes that their `spec.nodeName` says. */
  readonly pods?: readonly TracePod[];
  /** What the pod's controller and Services select; undefined: nothing does. */
  readonly selector?: LabelSelector | undefined;
  readonly profile?: Profile;
  readonly percentageOfNodesToScore?: number;
}

export interface SingleAnswer {
  /** Nodes that can take the pod. */
  readonly feasible: readonly string[];
  /** Why the others can't. */
  readonly reasons: Readonly<Record<string, readonly string[]>>;
  /** How many nodes were left out for each reason, those that no plugin was asked about too. */
  readonly reasonCounts: Readonly<Record<string, number>>;
  /** By plugin and node, normalised and not weighted; empty when there was no choice. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly totals: Readonly<Record<string, number>>;
  /** The nodes of which chance would choose one. */
  readonly best: readonly string[];
}

/** Asks the profile about one pod, without a simulated cluster: to hold it against a real kube-scheduler. */
export function scheduleOne(question: SingleQuestion): SingleAnswer {
  const { profile = defaultProfile(), percentageOfNodesToScore = 100, selector } = question;
  const pod = podOf(question.pod, selector);
  const nodes = nodesOf(question);
  const reasons: Record<string, string[]> = {};
  const noted = { ...profile, filters: profile.filters.map((filter) => noting(filter, reasons)) };
  const asked = { pod, nodes, nowMs: 0, startIndex: 0, podText: () => '' };
  const outcome = attempt(asked, {
    profile: noted,
    percentageOfNodesToScore,
    extender: undefined,
    extenderWeight: 1,
    ignorable: false,
    random: createRandom(1, 'single'),
  });
  const reasonCounts = Object.fromEntries(outcome.reasons);
  if (outcome.result === 'unschedulable') {
    return { feasible: [], reasons, reasonCounts, scores: {}, totals: {}, best: [] };
  }
  const { scores, byPlugin, best, info } = outcome;
  const feasible = scores.length === 0 ? [info.state.name] : scores.map(({ node }) => node);
  const byNode = (values: readonly number[]) =>
    Object.fromEntries(feasible.map((name, index) => [name, values[index] ?? 0]));
  return {
    feasible,
    reasons,
    reasonCounts,
    scores: Object.fromEntries(Array.from(byPlugin, ([plugin, values]) => [plugin, byNode(values)])),
    totals: Object.fromEntries(scores.map(({ node, total }) => [node, total])),
    best: best.map(({ state }) => state.name),
  };
}

function podOf({ metadata, spec }: TracePod, selector: LabelSelector | undefined): PodInfo {
  const {
    name,
    namespace = 'default',
    uid = `${namespace}/${name}`,
    labels = {},
    annotations = {},
  } = metadata;
  return createPodInfo({ uid, name, namespace, labels, annotations, spec }, selector);
}

function nodesOf({ nodes, pods = [] }: SingleQuestion): readonly NodeInfo[] {
  const tree = createNodeTree();
  const infos = new Map<string, NodeInfo>();
  for (const object of nodes) {
    const state = nodeState(object);
    addToTree(tree, state);
    infos.set(state.name, createNodeInfo(state));
  }
  for (const object of pods) {
    const info = infos.get(object.spec.nodeName ?? '');
    const pod = podOf(object, undefined);
    pod.terminating = (object.metadata.deletionTimestamp ?? null) !== null;
    if (info !== undefined) addPod(info, pod);
  }
  return namesInOrder(tree).flatMap((name) => infos.get(name) ?? []);
}

/** The same filter, which also writes down what it says of each node. */
function noting(filter: FilterPlugin, reasons: Record<string, string[]>): FilterPlugin {
  return {
    ...filter,
    prepare: (cycle) => {
      const prepared = filter.prepare(cycle);
      return (
        prepared && {
          ...prepared,
          filter: (node) => {
            const refusal = prepared.filter(node);
            if (refusal !== undefined) reasons[node.state.name] = [...refusal];
            return refusal;
          },
        }
      );
    },
  };
}
