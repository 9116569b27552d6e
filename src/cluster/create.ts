import type { Picture, PictureObserver, PictureSettings } from './picture.ts';
import { createReservations } from './reservations.ts';

/** An empty picture: nothing is known until events come. */
export function createPicture(settings: PictureSettings, observer: PictureObserver = {}): Picture {
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
    nowMs: 0,
    nextExpiryMs: Number.POSITIVE_INFINITY,
  };
  return picture;
}
