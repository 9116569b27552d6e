import type { AutoscalerSync, KubernetesEvent } from '../../outcome/result.ts';
import type { AutoscalerState } from './state.ts';
import type { AutoscalerEvent, SyncResult } from './sync.ts';

/** What is written down of an autoscaler's syncs. */
export interface Notes {
  readonly syncs: AutoscalerSync[];
  readonly events: KubernetesEvent[];
  lastEvents: readonly AutoscalerEvent[];
  /** Of the last sync, as text; without times. */
  lastSync: string;
  lastOutcome: string;
}

export function emptyNotes(): Notes {
  return { syncs: [], events: [], lastEvents: [], lastSync: '', lastOutcome: '' };
}

/**
 * Writes down what is new.
 *
 * @returns whether nothing is: not in what is shown, and not in what the metrics propose either
 */
export function note(notes: Notes, { state, events, scaleTo }: SyncResult, atMs: number): boolean {
  for (const event of events) {
    if (!isRepeated(event, notes.lastEvents)) notes.events.push({ atMs, ...event });
  }
  notes.lastEvents = events;
  const sync = syncOf(state);
  const syncText = JSON.stringify(sync);
  if (syncText !== notes.lastSync) notes.syncs.push({ atMs, ...sync });
  notes.lastSync = syncText;
  const proposed = state.recommendations?.find((recommendation) => recommendation.atMs === atMs)?.count;
  const outcome = JSON.stringify([syncText, state.readings, events, scaleTo, proposed]);
  const isSame = outcome === notes.lastOutcome;
  notes.lastOutcome = outcome;
  return isSame;
}

/** A warning that comes with every sync is one Event in Kubernetes, with a count. */
function isRepeated({ type, reason, message }: AutoscalerEvent, before: readonly AutoscalerEvent[]): boolean {
  return type === 'Warning' && before.some((one) => one.reason === reason && one.message === message);
}

function syncOf(state: AutoscalerState): Omit<AutoscalerSync, 'atMs'> {
  const { currentReplicas, desiredReplicas, deciding, conditions } = state;
  return {
    currentReplicas,
    desiredReplicas,
    utilizationPercent: deciding?.utilizationPercent,
    averageMilli: deciding?.averageMilli,
    conditions: Object.fromEntries(
      conditions.map(({ type, status, reason }) => [type, status === 'True' ? reason : `!${reason}`]),
    ),
  };
}
