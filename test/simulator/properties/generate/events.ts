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

/** What the events so far have done, as far as the reader of traces and a worthwhile next event ask for it. */
interface Course {
  readonly stage: Stage;
  readonly there: NodeDocument[];
  readonly gone: NodeDocument[];
  /** By the event that undoes it: the nodes and services that wait for it. */
  readonly waiting: Readonly<Record<string, string[]>>;
}

/** Some do it twice, shortly after each other: what began with the first time must not end with the second. */
const FLAPS_ONE_IN = 4;
const FLAP_MS = 4000;

const UNDOES: Readonly<Record<string, string>> = {
  cordon: 'uncordon',
  lose: 'recover',
  disconnect: 'reconnect',
  down: 'up',
};

/**
 * The events of a trace. What undoes something mostly speaks of what was done before: a node that is lost and
 * comes back is what much of the model is about.
 */
export function eventsOf(happened: readonly Happening[], stage: Stage): readonly TraceDocument[] {
  const waiting = Object.fromEntries(Object.values(UNDOES).map((kind) => [kind, []]));
  const course: Course = { stage, there: [...stage.nodes], gone: [], waiting };
  const inTime = happened.toSorted((left, right) => left.atRatio - right.atRatio);
  return inTime.flatMap((happening, index) => {
    const event = eventOf(happening, index, course);
    const atMs = Math.round(stage.seconds * happening.atRatio * 1000);
    const at = (delayMs: number) => `${Math.min(atMs + delayMs, stage.seconds * 1000)}ms`;
    const undone = UNDOES[happening.kind];
    const first = { at: at(0), ...event };
    if (undone === undefined || happening.size % FLAPS_ONE_IN !== 0) return [first];
    const second = { at: at(FLAP_MS), [undone]: event[happening.kind] };
    return [first, second, { at: at(2 * FLAP_MS), ...event }];
  });
}

function eventOf({ kind, which, size }: Happening, index: number, course: Course): TraceDocument {
  const { stage } = course;
  const deployment = pick(stage.deployments, which);
  switch (kind) {
    case 'scale':
      return { scale: { deployment, replicas: size } };
    case 'crash':
      return { crash: `${deployment}-${(size % 4) + 1}` };
    case 'join':
      return { join: joining(course, which, index) };
    case 'leave':
      return { leave: leaving(course, which) };
    default: {
      const any = kind === 'down' || kind === 'up' ? ['metrics-server', 'extender'] : namesOf(course.there);
      const name = pick(course.waiting[kind] ?? [], which) ?? pick(any, which) ?? nameOf(stage.nodes[0]);
      course.waiting[UNDOES[kind] ?? '']?.push(name);
      return { [kind]: name };
    }
  }
}

/** One that left comes back with what it had; else one joins that is like another but for its name. */
function joining({ stage, there, gone }: Course, which: number, index: number): NodeDocument | undefined {
  const model = pick(stage.nodes, which);
  const node = gone.pop() ?? (model && renamed(model, `joined-${index}`));
  if (node !== undefined) there.push(node);
  return node;
}

function leaving({ stage, there, gone }: Course, which: number): string {
  const node = pick(there, which);
  if (node === undefined) return nameOf(stage.nodes[0]);
  there.splice(there.indexOf(node), 1);
  gone.push(node);
  return node.metadata.name;
}

function pick<T>(list: readonly T[], which: number): T | undefined {
  return list[which % Math.max(1, list.length)];
}

function namesOf(nodes: readonly NodeDocument[]): readonly string[] {
  return nodes.map(nameOf);
}

function nameOf(node: NodeDocument | undefined): string {
  return node?.metadata.name ?? '';
}

function renamed(node: NodeDocument, name: string): NodeDocument {
  const labels = { ...node.metadata.labels, 'kubernetes.io/hostname': name };
  return { ...node, metadata: { name, labels } };
}
