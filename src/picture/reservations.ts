import { LRUCache } from 'lru-cache';
import type { Load } from '../placement/load.ts';
import { takeTime } from './clock.ts';
import { countPodOn } from './counting.ts';
import type { NodeEntry, Picture, PodEntry, Reservation, ReservationOutcome } from './picture.ts';
import { holdUnseen, isDoubted, takeOverdue, takeShown, unseenTtlMs } from './unseen.ts';

/**
 * A reservation is a pod that was sent to a node and that the API server does not show there yet. The next
 * question comes about a millisecond after the answer, the watch's word of the binding much later: without
 * it a burst would overfill the node.
 */
export function reserve(picture: Picture, pod: PodEntry, node: NodeEntry, estimate: Load): void {
  // The watch was quicker than the answer: there is nothing left to reserve.
  if (pod.bound || pod.leaving || isDoubted(picture, pod)) return;
  countPodOn(picture, pod, node);
  pod.predicted = estimate;
  const ttlMs = pod.watched ? ttlMsOf(picture) : unseenTtlMs(picture);
  const reservation = { pod, node, atMs: picture.steadyMs };
  const { atMs } = pod.watched ? reservation : holdUnseen(picture, reservation);
  if (pod.watched) picture.reservations.set(pod.uid, reservation);
  picture.nextExpiryMs = Math.min(picture.nextExpiryMs, atMs + ttlMs);
}

/** Open ones, of pods that the watch has shown or not. */
export function countReservations({ reservations, unseen }: Picture): number {
  return reservations.size + unseen.reservations.size;
}

/** A pod that a question spoke of before, known by its reservation alone. */
export function unseenPod({ unseen }: Picture, uid: string): PodEntry | undefined {
  return unseen.reservations.get(uid)?.pod;
}

/** Takes a pod's reservation away while the pod is judged anew: it must not count against itself. */
export function liftReservation(picture: Picture, pod: PodEntry): Reservation | undefined {
  const reservation = removeReservation(picture, pod.uid);
  if (reservation !== undefined) leavePlace(picture, pod);
  return reservation;
}

/** Ends a pod's reservation, if it has one; the pod counts nowhere then, until it is bound. */
export function endReservation(picture: Picture, pod: PodEntry, outcome: ReservationOutcome): void {
  const reservation = removeReservation(picture, pod.uid);
  if (reservation !== undefined) finishReservation(picture, reservation, outcome);
}

/** The watch shows the pod bound to this node: where it was reserved, or elsewhere. */
export function bindReservation(picture: Picture, pod: PodEntry, node: NodeEntry): void {
  const reserved = removeReservation(picture, pod.uid)?.node;
  if (reserved === undefined) return;
  picture.observer.reservationEnded?.(reserved === node ? 'confirmed' : 'moved', reserved.tier);
}

/** The watch shows a pod that only questions spoke of: its reservation is one like any other from now on. */
export function believe(picture: Picture, pod: PodEntry): void {
  const reservation = takeShown(picture, pod.uid);
  pod.watched = true;
  if (reservation === undefined) return;
  picture.reservations.set(pod.uid, { ...reservation, atMs: picture.steadyMs });
}

/**
 * The time of an event or question, which comes before anything that it does: a reservation that expires may
 * take with it the entry of a pod that only a question spoke of, and that the event speaks of again.
 */
export function passTime(picture: Picture, nowMs: number): void {
  takeTime(picture, nowMs);
  expireReservations(picture);
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
    perf: { now: () => picture().steadyMs },
    dispose: (reservation, _uid, why) => {
      if (why === 'expire') finishReservation(picture(), reservation, 'expired');
      if (why === 'evict') finishReservation(picture(), reservation, 'evicted');
    },
  });
}

/** Ends the reservations whose pods were not bound in time: something else kept them from it. */
function expireReservations(picture: Picture): void {
  if (picture.steadyMs <= picture.nextExpiryMs) return;
  picture.reservations.purgeStale();
  for (const reservation of takeOverdue(picture)) finishReservation(picture, reservation, 'expired');
  // All of a kind live equally long, so the one made first is the next to expire.
  const oldest = picture.reservations.rvalues().next().value;
  const seenMs = oldest === undefined ? Number.POSITIVE_INFINITY : oldest.atMs + ttlMsOf(picture);
  const unseenMs = Array.from(
    picture.unseen.reservations.values(),
    ({ atMs }) => atMs + unseenTtlMs(picture),
  );
  picture.nextExpiryMs = Math.min(seenMs, ...unseenMs);
}

function ttlMsOf({ settings }: Picture): number {
  return settings.reservations.ttlMs;
}

function removeReservation({ reservations, unseen }: Picture, uid: string): Reservation | undefined {
  const reservation = reservations.get(uid) ?? unseen.reservations.get(uid);
  reservations.delete(uid);
  unseen.reservations.delete(uid);
  return reservation;
}

function finishReservation(picture: Picture, { pod, node }: Reservation, outcome: ReservationOutcome): void {
  picture.observer.reservationEnded?.(outcome, node.tier);
  leavePlace(picture, pod);
}

function leavePlace(picture: Picture, pod: PodEntry): void {
  if (pod.bound) return;
  countPodOn(picture, pod, undefined);
  pod.predicted = undefined;
}
