import { HANDLERS } from '../../src/extender/handlers.ts';
import type { Verb } from '../../src/placement/verbs.ts';
import { createDecisionLogger } from '../../src/telemetry/decision-logger.ts';
import { createExtenderTelemetry } from '../../src/telemetry/extender-observer.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createDecisionRing } from '../../src/telemetry/ring.ts';
import { annotationsOf } from '../extender/hostile.ts';
import { context, scene } from '../extender/scene.ts';

/*
 * A process of its own, started with --expose-gc: asks 2000 questions, each as large as may be and about
 * another pod, and says how many bytes are held afterwards that were not before.
 */

const QUESTIONS = 2000;
/** As many as a question about the four nodes of the scene may name, and as long; of two bytes a character. */
const NAMES = Array.from({ length: 1008 }, (_, index) => `${index}`.padStart(253, 'ж'));
/** More than are kept. */
const FEW = NAMES.slice(0, 150);
const LONG = 'x'.repeat(250_000);

interface Kind {
  readonly verb: Verb;
  readonly annotations?: (index: number) => Readonly<Record<string, string>>;
  readonly owner?: (index: number) => string;
  readonly rest?: Readonly<Record<string, unknown>>;
}

const KINDS: readonly Kind[] = [
  { verb: 'filter', annotations: () => ({ 'spillway.dev/placement': 'off' }), rest: { NodeNames: NAMES } },
  { verb: 'filter', annotations: (index) => ({ 'spillway.dev/load': `${index} ${LONG}` }) },
  {
    verb: 'filter',
    annotations: (index) => ({ 'spillway.dev/site': `site-of-a-long-name-${index}${' '.repeat(250_000)}` }),
  },
  { verb: 'prioritize', annotations: (index) => ({ [`spillway.dev/${index}`]: LONG }) },
  { verb: 'filter', rest: { NodeNames: [LONG] } },
  { verb: 'filter', owner: (index) => `${index} ${LONG}` },
];

const MANY_ANNOTATIONS = { ...annotationsOf(String), 'spillway.dev/placement': 'edge-only' };
const UIDS = Array.from({ length: 2600 }, (_, index) => ({ UID: `${index}`.padStart(253, 'u') }));
const VICTIMS = Object.fromEntries(
  ['edge-1', 'edge-2', 'cloud-1', 'x'].map((name) => [name, { Pods: UIDS }]),
);
/** These take long to read, and leave as much behind at the last time as at the first. */
const RARE: readonly Kind[] = [
  { verb: 'filter', annotations: () => MANY_ANNOTATIONS },
  { verb: 'preempt', rest: { NodeNameToMetaVictims: VICTIMS } },
];

/** What all questions of a kind have in common, made once: it is most of them. */
const RESTS = new Map([...KINDS, ...RARE].map((kind) => [kind, restOf(kind)]));

function restOf({ rest }: Kind): Buffer {
  return Buffer.from(`,${JSON.stringify({ NodeNames: FEW, ...rest }).slice(1)}`);
}

function bodyOf(kind: Kind, index: number): Buffer {
  const { annotations, owner } = kind;
  const name = `${index}`.padStart(253, 'п');
  const ownerReferences = owner && [{ kind: 'ReplicaSet', controller: true, uid: owner(index) }];
  const metadata = { name, namespace: name, uid: name, annotations: annotations?.(index), ownerReferences };
  const pod = Buffer.from(`{"Pod":${JSON.stringify({ metadata })}`);
  return Buffer.concat([pod, RESTS.get(kind) ?? restOf(kind)]);
}

function heldBytes(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

const metrics = createMetrics();
const log = createDecisionLogger(createLogger('info', { write: () => {} }), Date.now);
const extender = context(scene(), createExtenderTelemetry(metrics.extender, createDecisionRing(1000), log));
const statuses: Record<string, number> = {};
const before = heldBytes();
for (let index = 0; index < QUESTIONS; index += 1) {
  const kind = index % 20 === 0 ? RARE[(index / 20) % RARE.length] : KINDS[index % KINDS.length];
  if (kind === undefined) continue;
  const { status } = HANDLERS[kind.verb](extender, bodyOf(kind, index));
  statuses[status] = (statuses[status] ?? 0) + 1;
}
process.stdout.write(`${JSON.stringify({ statuses, heldBytes: heldBytes() - before })}\n`);
