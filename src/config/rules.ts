import { ANNOTATION_PREFIX, type Policy, readAnnotations } from '../placement/annotations.ts';

/** A value of a rule's `set` that its annotation would not take either. */
export interface SetProblem {
  readonly key: string;
  readonly allowed: string;
}

/**
 * Reads a rule's `set` as if a pod carried it as annotations, so that both take the same names and values.
 *
 * @param set by the annotation's name in camel case: `cpuThreshold` for `spillway.dev/cpu-threshold`
 */
export function readRuleSet(
  set: Readonly<Record<string, string | undefined>>,
  limitRatio: number,
): { readonly policy: Partial<Policy>; readonly problems: readonly SetProblem[] } {
  const annotations: Record<string, string> = {};
  for (const [key, value] of Object.entries(set)) {
    if (value !== undefined) annotations[ANNOTATION_PREFIX + kebabCase(key)] = value;
  }
  const { policy, problems } = readAnnotations(annotations, limitRatio);
  return {
    policy,
    problems: problems.shown.map(({ annotation, allowed }) => ({
      key: camelCase(annotation.slice(ANNOTATION_PREFIX.length)),
      allowed,
    })),
  };
}

function kebabCase(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function camelCase(text: string): string {
  return text.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
