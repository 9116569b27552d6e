import { MANY, namesArgs, podObject } from './scene.ts';

/** What the API server takes of all annotations of a pod together. */
const ANNOTATION_BYTES = 256 * 1024;

/** Annotations below our prefix up to the API server's limit: the shorter the names, the more of them. */
export function annotationsOf(nameOf: (index: number) => string, value = ''): Record<string, string> {
  const annotations: Record<string, string> = {};
  let bytes = 0;
  for (let index = 0; ; index += 1) {
    const name = `spillway.dev/${nameOf(index)}`;
    bytes += name.length + value.length;
    if (bytes > ANNOTATION_BYTES - 1000) return annotations;
    annotations[name] = value;
  }
}

/** Pods that the API server takes from anybody who may create one. Each asks for the edge alone. */
export const HOSTILE_PODS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'as many unknown names as fit': annotationsOf(String),
  'unknown names as long as they may be': annotationsOf((index) => `${index}`.padStart(63, 'x')),
  'known names with long values': Object.fromEntries(
    ['load', 'cpu-threshold', 'cpu-estimate', 'edge-share', 'cloud-min', 'site'].map((name) => [
      `spillway.dev/${name}`,
      '9'.repeat(ANNOTATION_BYTES / 7),
    ]),
  ),
  'values of control characters': annotationsOf(String, '\u001b[2J\u009b\u202e'),
};

export function hostileQuestion(
  annotations: Readonly<Record<string, string>>,
  names: readonly string[] = MANY,
): string {
  return namesArgs(names, podObject('web-1', { ...annotations, 'spillway.dev/placement': 'edge-only' }));
}
