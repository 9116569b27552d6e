import fc from 'fast-check';
import type { TraceDocument } from '../../traces.ts';
import { within } from './objects.ts';

const KINDS = [
  'scale',
  'cordon',
  'uncordon',
  'join',
  'leave',
  'lose',
  'recover',
  'disconnect',
  'reconnect',
  'down',
  'up',
  'crash',
] as const;

/** Something that happens to one of many: which one depends on what there is. */
export interface Happening {
  /** Of the run's duration. */
  readonly atRatio: number;
  readonly kind: (typeof KINDS)[number];
  readonly which: number;
  readonly size: number;
}

export const happenings: fc.Arbitrary<readonly Happening[]> = fc.array(
  fc.record({
    atRatio: within(0, 100).map((percent) => percent / 100),
    kind: fc.oneof({ arbitrary: fc.constantFrom(...KINDS), weight: 3 }, fc.constant<'scale'>('scale')),
    which: fc.nat(20),
    size: fc.nat(15),
  }),
  { maxLength: 12 },
);

export interface NodeDocument extends TraceDocument {
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
}

interface Stage {
  readonly seconds: number;
  readonly nodes: readonly NodeDocument[];
  readonly deployments: readonly string[];
}

/**
 * The events of a trace. What was lost, disconnected or down comes back when the trace says so for any: a pair
 * of events for the same node is what most of the model is about.
 */
export function eventsOf(happened: readonly Happening[], stage: Stage): readonly TraceDocument[] {
  const gone: NodeDocument[] = [];
  const there = [...stage.nodes];
  const inTime = happened.toSorted((left, right) => left.atRatio - right.atRatio);
  return inTime.map(({ atRatio, kind, which, size }, index) => {
    const pick = <T>(list: readonly T[]) => list[which % Math.max(1, list.length)];
    const at = `${Math.round(stage.seconds * atRatio * 1000)}ms`;
    switch (kind) {
      case 'scale':
        return { at, scale: { deployment: pick(stage.deployments), replicas: size } };
      case 'crash':
        return { at, crash: `${pick(stage.deployments)}-${size + 1}` };
      case 'down':
      case 'up':
        return { at, [kind]: pick(['metrics-server', 'extender']) };
      case 'join': {
        const back = gone.pop();
        const model = pick(stage.nodes);
        const joining = back ?? (model && renamed(model, `joined-${index}`));
        if (joining !== undefined) there.push(joining);
        return { at, join: joining };
      }
      default: {
        const node = pick(there) ?? pick(stage.nodes);
        if (kind === 'leave' && node !== undefined && there.includes(node)) {
          there.splice(there.indexOf(node), 1);
          gone.push(node);
        }
        return { at, [kind]: node?.metadata.name };
      }
    }
  });
}

function renamed(node: NodeDocument, name: string): NodeDocument {
  const labels = { ...node.metadata.labels, 'kubernetes.io/hostname': name };
  return { ...node, metadata: { name, labels } };
}
