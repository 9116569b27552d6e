import type { Picture, PodEntry, Reservation } from './picture.ts';

/*
 * The scheduler may ask about a pod before our own watch shows it: a few milliseconds before, as a rule. Anybody
 * who reaches the port may ask about pods that do not exist. The two look alike at first. So such a pod holds a
 * place, or a burst would be packed twice over, but for seconds, few at a time, and no longer however often it is
 * asked about; and where pods are never shown, no more of them get one until the watch has caught up.
 */

/** Longer than a watch lags behind the scheduler's. */
export const UNSEEN_TTL_MS = 5000;
/** More than a burst of 300 pods a second leaves unseen while a watch lags by a quarter of a second. */
export const MAX_UNSEEN = 100;
/** So many that were placed and never shown are enough to believe no further ones. */
export const MAX_NEVER_SEEN = 10;
/** How long each of them counts: with the bounds above the edge is held for a twelfth of the time at most. */
const DOUBT_MS = 600_000;

export function unseenTtlMs({ settings }: Picture): number {
  return Math.min(UNSEEN_TTL_MS, settings.reservations.ttlMs);
}

/** Whether pods that no watch has shown are not believed at present. */
export function isInDoubt(picture: Picture): boolean {
  const { steadyMs, unseen } = picture;
  const ttlMs = unseenTtlMs(picture);
  let hoped = 0;
  let neverSeen = 0;
  for (const atMs of unseen.firstPlacedMs.values()) {
    if (steadyMs - atMs <= ttlMs) hoped += 1;
    else if (steadyMs - atMs <= DOUBT_MS) neverSeen += 1;
  }
  return hoped >= MAX_UNSEEN || neverSeen >= MAX_NEVER_SEEN;
}

/** Whether no place at the edge can be held for the pod, since no watch has shown it. */
export function isDoubted(picture: Picture, { uid, watched }: PodEntry): boolean {
  if (watched) return false;
  const placedMs = picture.unseen.firstPlacedMs.get(uid);
  const ageMs = placedMs === undefined ? Number.POSITIVE_INFINITY : picture.steadyMs - placedMs;
  return ageMs <= DOUBT_MS ? ageMs > unseenTtlMs(picture) : isInDoubt(picture);
}

/** The reservation's time is that of the pod's first: asked about again and again, it does not last longer. */
export function holdUnseen(picture: Picture, reservation: Omit<Reservation, 'atMs'>): Reservation {
  const { unseen, steadyMs } = picture;
  for (const [uid, atMs] of unseen.firstPlacedMs) {
    if (steadyMs - atMs > DOUBT_MS) unseen.firstPlacedMs.delete(uid);
  }
  const { uid } = reservation.pod;
  const atMs = unseen.firstPlacedMs.get(uid) ?? steadyMs;
  const held = { ...reservation, atMs };
  unseen.firstPlacedMs.set(uid, atMs);
  unseen.reservations.set(uid, held);
  return held;
}

/** The watch shows the pod: it exists, and what was reserved for it is. */
export function takeShown({ unseen }: Picture, uid: string): Reservation | undefined {
  const reservation = unseen.reservations.get(uid);
  unseen.reservations.delete(uid);
  unseen.firstPlacedMs.delete(uid);
  return reservation;
}

/** Those whose time is over, taken out. */
export function takeOverdue(picture: Picture): readonly Reservation[] {
  const { unseen, steadyMs } = picture;
  const ttlMs = unseenTtlMs(picture);
  const overdue = Array.from(unseen.reservations.values()).filter(({ atMs }) => steadyMs - atMs > ttlMs);
  for (const { pod } of overdue) unseen.reservations.delete(pod.uid);
  return overdue;
}
