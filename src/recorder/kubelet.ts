import type { PodSpecObject } from '../picture/objects.ts';
import type { Window } from './curves.ts';
import { isMapping } from './objects.ts';
import type { PodHistory } from './recording.ts';
import { median } from './scrapes.ts';
import { spanText } from './text.ts';

/** How long pods take to start and to end, the middle one of those that were seen to. */
export function kubeletTimes(
  pods: readonly PodHistory[],
  { fromMs: startMs, toMs: endMs }: Window,
): Readonly<Record<string, string>> {
  const spans = (
    from: (pod: PodHistory) => number | undefined,
    to: (pod: PodHistory) => number | undefined,
  ) =>
    pods.flatMap((pod) => {
      const [fromMs, toMs] = [from(pod), to(pod)];
      if (fromMs === undefined || toMs === undefined || fromMs <= startMs || toMs > endMs) return [];
      return [Math.max(0, toMs - fromMs)];
    });
  const startUp = median(
    spans(
      ({ boundAtMs }) => boundAtMs,
      ({ startedAtMs }) => startedAtMs,
    ),
  );
  const readiness = median(
    spans(
      ({ startedAtMs }) => startedAtMs,
      (pod) => pod.readyAtMs && pod.readyAtMs - halfProbePeriodMs(pod),
    ),
  );
  const termination = median(
    spans(
      ({ endingAtMs }) => endingAtMs,
      ({ goneAtMs }) => goneAtMs,
    ),
  );
  return {
    ...(startUp !== undefined && { startUp: spanText(startUp) }),
    ...(readiness !== undefined && { readiness: spanText(readiness) }),
    ...(termination !== undefined && { termination: spanText(termination) }),
  };
}

/**
 * `readiness` of a trace is when the program would answer; a pod with a probe is ready at the next probe. The
 * answer came, in the middle, half a period before.
 */
function halfProbePeriodMs({ object }: PodHistory): number {
  const { containers = [] } = (object['spec'] ?? {}) as PodSpecObject;
  const periods = containers.map((container) => {
    const probe = 'readinessProbe' in container ? container.readinessProbe : undefined;
    if (!isMapping(probe)) return 0;
    const { periodSeconds } = probe;
    return typeof periodSeconds === 'number' ? periodSeconds : 10;
  });
  return (Math.max(0, ...periods) * 1000) / 2;
}
