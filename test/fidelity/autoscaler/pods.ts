import type { Draw } from '../draw.ts';

/** A pod as it is at the start; times are seconds before (-) or after it. */
export interface DrawnPod {
  readonly name: string;
  readonly phase: 'Pending' | 'Running' | 'Succeeded' | 'Failed';
  readonly isDeleted: boolean;
  readonly startS: number | undefined;
  /** Its condition of type Ready. */
  readonly ready: { readonly status: 'True' | 'False'; readonly sinceS: number } | undefined;
  readonly containers: readonly DrawnContainer[];
  readonly sidecars: readonly DrawnContainer[];
  /** Of the pod itself. */
  readonly podLevelMilli: number | undefined;
  /** Of the first sync; each later one has another, a sync period later. Undefined: metrics lack the pod. */
  readonly sample: { readonly endS: number; readonly windowS: number } | undefined;
}

export interface DrawnContainer {
  readonly name: string;
  readonly requestMilli: number | undefined;
  /** Usual use, in nanocores as metrics-server counts; undefined: the sample lacks the container. */
  readonly usedNano: number | undefined;
}

/** What the pods of a case have in common. */
export interface PodShape {
  readonly requestMilli: number;
  readonly usedPercent: number;
  /** How much one may use more or less than the others. */
  readonly spreadPercent: number;
  readonly hasSecond: boolean;
  readonly hasSidecar: boolean;
  readonly isPodLevel: boolean;
  /** All have run for long, and are measured. */
  readonly isCalm: boolean;
}

type Life = Pick<DrawnPod, 'phase' | 'startS' | 'ready'>;

export function drawPod(draw: Draw, shape: PodShape, name: string): DrawnPod {
  const { chance, pick, between } = draw;
  const life = shape.isCalm ? settled(draw) : pick(LIVES)(draw);
  const isDeleted = !shape.isCalm && chance(0.06);
  const containers = [
    container(draw, shape, 'main'),
    ...(shape.hasSecond ? [container(draw, shape, 'second')] : []),
  ];
  const sidecars = shape.hasSidecar ? [container(draw, shape, 'proxy')] : [];
  const sumMilli = [...containers, ...sidecars].reduce((sum, { requestMilli = 0 }) => sum + requestMilli, 0);
  const windowS = pick([10, 15, 14.732, 60]);
  // Around the moment from which a sample lies wholly after the pod became ready.
  const wholeS = Math.ceil((life.ready?.sinceS ?? 0) + windowS);
  const endS = wholeS > -120 ? wholeS + between(-15, 15) : between(-20, 0);
  return {
    name,
    ...life,
    // What is not bound, or has ended, is gone at once when it is deleted.
    isDeleted: isDeleted && life.startS !== undefined && life.phase === 'Running',
    containers,
    sidecars,
    podLevelMilli: shape.isPodLevel ? sumMilli + between(0, 100) : undefined,
    sample: shape.isCalm || chance(0.85) ? { endS, windowS } : undefined,
  };
}

function container({ chance, between }: Draw, shape: PodShape, name: string): DrawnContainer {
  const { requestMilli, usedPercent, spreadPercent, isCalm } = shape;
  const percent = usedPercent * (1 + between(-spreadPercent, spreadPercent) / 100);
  const usedNano = Math.round(requestMilli * percent * 10_000);
  return { name, requestMilli, usedNano: !isCalm && chance(0.03) ? undefined : usedNano };
}

function settled({ between }: Draw): Life {
  const startS = -between(600, 7200);
  return { phase: 'Running', startS, ready: { status: 'True', sinceS: startS + between(1, 20) } };
}

/** One that starts, one that stops to start within the course, and so on; most have settled. */
const LIVES: readonly ((draw: Draw) => Life)[] = [
  settled,
  settled,
  settled,
  settled,
  (draw) => ready(draw, -draw.between(0, 40), 'True'),
  (draw) => ready(draw, -draw.between(0, 40), 'False'),
  // Its first 300 s end during the course, and it has been or not been ready for any part of them.
  ({ between, pick }) => {
    const ready = { status: pick(['True', 'False', 'False'] as const), sinceS: -between(0, 250) };
    return { phase: 'Running', startS: -between(250, 299), ready };
  },
  // Never ready, or no longer: 30 s after the start is the limit.
  ({ between }) => {
    const startS = -between(600, 900);
    return { phase: 'Running', startS, ready: { status: 'False', sinceS: startS + between(27, 33) } };
  },
  () => ({ phase: 'Pending', startS: undefined, ready: undefined }),
  ({ between }) => ({ phase: 'Pending', startS: -between(0, 30), ready: { status: 'False', sinceS: 0 } }),
  ({ pick, between }) => {
    const startS = -between(600, 900);
    return { phase: pick(['Failed', 'Succeeded']), startS, ready: { status: 'False', sinceS: startS + 100 } };
  },
  ({ between }) => ({ phase: 'Running', startS: -between(10, 900), ready: undefined }),
];

function ready({ between }: Draw, startS: number, status: 'True' | 'False'): Life {
  return { phase: 'Running', startS, ready: { status, sinceS: startS + between(0, 20) } };
}
