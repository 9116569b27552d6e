import { LRUCache } from 'lru-cache';
import type { Load } from '../placement/load.ts';
import { countPodOn, removeUnwatched } from './counting.ts';
import type { NodeEntry, Picture, PodEntry, Reservation, ReservationOutcome } from './picture.ts';

/**
 * A reservation is a pod that was sent to a node and that the API server does not show there yet. The next
 * question comes about a millisecond after the answer, the watch's word of the binding much later: without
 * it a burst would overfill the node.
 */
export function reserve(picture: Picture, pod: PodEntry, node: NodeEntry, estimate: Load): void {
  // The watch was quicker than the answer: there is nothing left to reserve.
  if (pod.bound || pod.leaving) return;
  countPodOn(picture, pod, node);
  pod.predicted = estimate;
  picture.reservations.set(pod.uid, { pod, node, atMs: picture.nowMs });
  const { ttlMs } = picture.settings.reservations;
  picture.nextExpiryMs = Math.min(picture.nextExpiryMs, picture.nowMs + ttlMs);
}

/** Takes a pod's reservation away while the pod is judged anew: it must not count against itself. */
export function liftReservation(picture: Picture, pod: PodEntry): Reservation | undefined {
  const reservation = picture.reservations.get(pod.uid);
  if (reservation === undefined) return undefined;
  picture.reservations.delete(pod.uid);
  if (!pod.bound) countPodOn(picture, pod, undefined);
  return reservation;
}

/** Ends a pod's reservation, if it has one; the pod counts nowhere then, until it is bound. */
export function endReservation(picture: Picture, pod: PodEntry, outcome: ReservationOutcome): void {
  const reservation = picture.reservations.get(pod.uid);
  if (reservation === undefined) return;
  picture.reservations.delete(pod.uid);
  finishReservation(picture, reservation, outcome);
}

/** The watch shows the pod bound to this node: where it was reserved, or elsewhere. */
export function bindReservation(picture: Picture, pod: PodEntry, node: NodeEntry): void {
  const reserved = picture.reservations.get(pod.uid)?.node;
  if (reserved === undefined) return;
  picture.reservations.delete(pod.uid);
  picture.observer.reservationEnded?.(reserved === node ? 'confirmed' : 'moved', reserved.tier);
}

/**
 * The time of an event or question, which comes before anything that it does: a reservation that expires may
 * take with it the entry of a pod that only a question spoke of, and that the event speaks of again.
 */
export function passTime(picture: Picture, nowMs: number): void {
  picture.nowMs = nowMs;
  const { ttlMs } = picture.settings.reservations;
  const setBack = picture.reservations.size > 0 && picture.nextExpiryMs > nowMs + ttlMs;
  if (setBack) restartReservations(picture);
  expireReservations(picture);
}

/** The clock was set back: by its old times a reservation would live on until the clock has caught up. */
function restartReservations(picture: Picture): void {
  const oldestFirst = Array.from(picture.reservations.values()).reverse();
  for (const reservation of oldestFirst) {
    picture.reservations.set(reservation.pod.uid, { ...reservation, atMs: picture.nowMs });
  }
  picture.nextExpiryMs = picture.nowMs + picture.settings.reservations.ttlMs;
}

/** Ends the reservations whose pods were not bound in time: something else kept them from it. */
function expireReservations(picture: Picture): void {
  if (picture.nowMs <= picture.nextExpiryMs) return;
  picture.reservations.purgeStale();
  // All live equally long, so the one made first is the next to expire.
  const oldest = picture.reservations.rvalues().next().value;
  picture.nextExpiryMs =
    oldest === undefined ? Number.POSITIVE_INFINITY : oldest.atMs + picture.settings.reservations.ttlMs;
}

/** @param picture gives the time, and is told when a reservation expires or is pushed out */
export function createReservations(
  settings: { readonly ttlMs: number; readonly maxOpen: number },
  picture: () => Picture,
): LRUCache<string, Reservation> {
  return new LRUCache<string, Reservation>({
    max: settings.maxOpen,
    ttl: settings.ttlMs,
    ttlResolution: 0,
    perf: { now: () => picture().nowMs },
    dispose: (reservation, _uid, why) => {
      if (why === 'expire') finishReservation(picture(), reservation, 'expired');
      if (why === 'evict') finishReservation(picture(), reservation, 'evicted');
    },
  });
}

function finishReservation(picture: Picture, { pod, node }: Reservation, outcome: ReservationOutcome): void {
  picture.observer.reservationEnded?.(outcome, node.tier);
  if (!pod.bound) countPodOn(picture, pod, undefined);
  if (outcome === 'expired' || outcome === 'evicted') removeUnwatched(picture, pod);
}
