import { printable } from '../text/printable.ts';
import { parseCpuMilli } from './quantity.ts';
import type { LoadSharing } from './types.ts';

export const ANNOTATION_PREFIX = 'spillway.dev/';

export const PLACEMENTS = ['edge-first', 'edge-only', 'cloud-first', 'cloud-only', 'off'] as const;
export type Placement = (typeof PLACEMENTS)[number];

/** What a pod asks for: the configuration's default, overridden by rules, overridden by its annotations. */
export interface Policy {
  readonly placement: Placement;
  readonly sharing: LoadSharing;
  readonly thresholdRatio?: number | undefined;
  readonly estimateMilli?: number | undefined;
  /** At most this share of the workload's pods at the edge. */
  readonly edgeShareRatio?: number | undefined;
  /** So many pods of the workload in the cloud before one goes to the edge. */
  readonly cloudMinPods?: number | undefined;
  readonly site?: string | undefined;
}

/** An annotation that says nothing usable: it is reported and the default holds. Fit to show, and short. */
interface AnnotationProblem {
  readonly annotation: string;
  readonly found: string;
  readonly allowed: string;
}

/** A pod may carry 256 KB of annotations, and what is said of them is said at every question about it. */
export interface AnnotationProblems {
  /** At most `MAX_SHOWN`: those with known names first. */
  readonly shown: readonly AnnotationProblem[];
  /** How many more there are. Their names are unknown. */
  readonly further: number;
}

export const NO_ANNOTATION_PROBLEMS: AnnotationProblems = { shown: [], further: 0 };

/** One more than there are known names, so that no mistake in one of those is lost among unknown ones. */
export const MAX_SHOWN = 8;
export const MAX_NAME_CHARACTERS = 63;
/** A longer value is no value of any annotation. */
export const MAX_FOUND_CHARACTERS = 200;

type Parsed = Partial<Policy> | undefined;

interface Reader {
  readonly name: string;
  readonly allowed: (limitRatio: number) => string;
  readonly read: (text: string, limitRatio: number) => Parsed;
}

const READERS: readonly Reader[] = [
  {
    name: 'placement',
    allowed: () => PLACEMENTS.join(', '),
    read: (text) => {
      const placement = PLACEMENTS.find((known) => known === text);
      return placement && { placement };
    },
  },
  {
    name: 'load',
    allowed: () => 'shared, own',
    read: (text) => (text === 'shared' || text === 'own' ? { sharing: text } : undefined),
  },
  {
    name: 'cpu-threshold',
    allowed: (limitRatio) => `a share of allocatable CPU above 0 and up to the limit of ${limitRatio}`,
    read: (text, limitRatio) => {
      const thresholdRatio = parseRatio(text);
      return thresholdRatio !== undefined && thresholdRatio > 0 && thresholdRatio <= limitRatio
        ? { thresholdRatio }
        : undefined;
    },
  },
  {
    name: 'cpu-estimate',
    allowed: () => 'a CPU quantity above 0 like 150m or 0.15',
    read: (text) => {
      const estimateMilli = parseCpuMilli(text);
      return estimateMilli !== undefined && estimateMilli > 0 ? { estimateMilli } : undefined;
    },
  },
  {
    name: 'edge-share',
    allowed: () => 'a share from 0 to 1 like 0.8',
    read: (text) => {
      const edgeShareRatio = parseRatio(text);
      return edgeShareRatio !== undefined && edgeShareRatio <= 1 ? { edgeShareRatio } : undefined;
    },
  },
  {
    name: 'cloud-min',
    allowed: () => 'a whole number of pods, 0 or more',
    read: (text) => (/^\d{1,6}$/.test(text) ? { cloudMinPods: Number(text) } : undefined),
  },
  {
    name: 'site',
    allowed: () => 'the name of a site: a label value of at most 63 characters',
    read: (text) => (/^[A-Za-z0-9]([\w.-]{0,61}[A-Za-z0-9])?$/.test(text) ? { site: text } : undefined),
  },
];

/** The annotations that a pod may carry, for documents and for the message about an unknown one. */
export const ANNOTATION_NAMES: readonly string[] = READERS.map(({ name }) => name);

/** Reads what a pod asks for. What can't be read, and an unknown name below our prefix, is a problem. */
export function readAnnotations(
  annotations: Readonly<Record<string, string>>,
  limitRatio: number,
): { readonly policy: Partial<Policy>; readonly problems: AnnotationProblems } {
  let policy: Partial<Policy> = {};
  const misread: AnnotationProblem[] = [];
  const unknown: AnnotationProblem[] = [];
  let unknownCount = 0;
  for (const [annotation, found] of Object.entries(annotations)) {
    if (!annotation.startsWith(ANNOTATION_PREFIX)) continue;
    const name = annotation.slice(ANNOTATION_PREFIX.length);
    const reader = READERS.find((known) => known.name === name);
    if (reader === undefined) {
      unknownCount += 1;
      if (unknown.length < MAX_SHOWN) unknown.push(problem(annotation, found, knownNames()));
      continue;
    }
    const parsed = found.length <= MAX_FOUND_CHARACTERS ? reader.read(found.trim(), limitRatio) : undefined;
    if (parsed !== undefined) policy = { ...policy, ...parsed };
    else misread.push(problem(annotation, found, reader.allowed(limitRatio)));
  }
  const shown = [...misread, ...unknown].slice(0, MAX_SHOWN);
  return { policy, problems: { shown, further: misread.length + unknownCount - shown.length } };
}

function problem(annotation: string, found: string, allowed: string): AnnotationProblem {
  return {
    annotation: printable(annotation, MAX_NAME_CHARACTERS),
    found: printable(found, MAX_FOUND_CHARACTERS),
    allowed,
  };
}

function knownNames(): string {
  return `one of the annotations ${ANNOTATION_NAMES.map((name) => ANNOTATION_PREFIX + name).join(', ')}`;
}

function parseRatio(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?|\.\d+)(%?)$/.exec(text);
  if (match === null) return undefined;
  return match[2] === '%' ? Number(match[1]) / 100 : Number(match[1]);
}
