import type { Picture, PictureObserver, PictureSettings } from './picture.ts';
import { createReservations } from './reservations.ts';

/**
 * An empty picture: nothing is known until events come.
 *
 * @param steadyClock milliseconds on a clock that nobody sets; undefined: the times of events never go back
 */
export function createPicture(
  settings: PictureSettings,
  observer: PictureObserver = {},
  steadyClock?: () => number,
): Picture {
  const picture: Picture = {
    settings,
    observer,
    nodes: new Map(),
    pods: new Map(),
    podsByName: new Map(),
    workloads: new Map(),
    replicas: new Map(),
    departed: new Map(),
    reservations: createReservations(settings.reservations, () => picture),
    unseen: { reservations: new Map(), firstPlacedMs: new Map() },
    touched: new Set(),
    steadyClock,
    nowMs: 0,
    steadyMs: 0,
    nextExpiryMs: Number.POSITIVE_INFINITY,
    nominationRefused: undefined,
  };
  return picture;
}
