import type { SimulationResult } from '../outcome/result.ts';

/** How the run's time passed, in words to follow its length. */
export function ranText({ on }: Pick<SimulationResult, 'on'>): string {
  return on === 'cluster' ? 'in real time, on a cluster' : 'of virtual time';
}
