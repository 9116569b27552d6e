import type { Act, ActOutcome, ActPort } from '../rebalance/acts.ts';
import type { Cpu } from './model/cpu.ts';
import { terminate } from './model/pods.ts';
import { type SimPod, tellNode, tellPod, type World } from './model/world.ts';

const DONE: ActOutcome = { result: 'done' };

/** Carries acts out as the API server and its controllers do: an evicted pod is terminated, and replaced. */
export function actsOn(world: World, cpu: Cpu): ActPort {
  return { carryOut: (act, told) => told(carryOut(world, cpu, act)) };
}

function carryOut(world: World, cpu: Cpu, act: Act): ActOutcome {
  if (act.type === 'annotateNode') return annotateNode(world, act);
  const pod = world.pods.get(act.pod.uid);
  if (pod === undefined) return { result: 'failed', why: 'no pod has this uid any more' };
  if (act.type === 'annotatePod') return annotatePod(world, pod, act);
  terminate(world, cpu, pod);
  return DONE;
}

function annotatePod(world: World, pod: SimPod, act: Act & { readonly type: 'annotatePod' }): ActOutcome {
  pod.annotations = withAnnotation(pod.annotations, act);
  tellPod(world, pod, 'annotated');
  return DONE;
}

function annotateNode(world: World, act: Act & { readonly type: 'annotateNode' }): ActOutcome {
  const node = world.nodes.get(act.node);
  if (node === undefined) return { result: 'failed', why: 'no such node' };
  node.annotations = withAnnotation(node.annotations, act);
  tellNode(world, node, 'changed');
  return DONE;
}

type Annotations = Readonly<Record<string, string>>;

function withAnnotation(
  annotations: Annotations,
  { annotation, value }: { readonly annotation: string; readonly value?: string | undefined },
): Annotations {
  const { [annotation]: _before, ...others } = annotations;
  return value === undefined ? others : { ...others, [annotation]: value };
}
