import { setTimeout as delay } from 'node:timers/promises';
import type { FakeApiServer } from '../fake/api-server.ts';
import type { FakeObject } from '../fake/objects.ts';
import type { Attack, WireAttack } from './attack.ts';
import { type Heard, playConnection } from './connection.ts';
import { generate } from './generate.ts';

export interface Played {
  readonly index: number;
  readonly family: string;
  readonly ms: number;
  readonly statuses: readonly number[];
  readonly bytes: number;
  /** Answers that were due and did not come. */
  readonly missing: number;
}

export interface AttackOptions {
  readonly seed: number;
  /** The numbers of the attacks. */
  readonly from: number;
  readonly to: number;
  readonly port: number;
  readonly api: FakeApiServer;
  readonly onPlayed: (played: Played) => void;
  /** Only those of this family. */
  readonly family?: string | undefined;
  /** There is nobody to attack any more. */
  readonly ended: () => boolean;
}

export interface Attacker {
  readonly done: Promise<void>;
  /** The numbers of those under way: what a crash is the doing of. */
  readonly underWay: () => readonly number[];
}

/** So many at once, beside connections that only hold. */
const AT_ONCE = 16;
/** Held connections at most, but for attacks that are more by themselves: those are rare. */
const HELD_AT_ONCE = 200;
/** A service at its most connections turns further ones away; a client comes again. */
const AGAIN_AFTER_MS = [50, 250, 1000, 3000];
/** The fake API server keeps what has happened for watches that come later: none does. */
const FORGET_EVERY = 500;

/** Plays the attacks in order, several at a time. */
export function attack(options: AttackOptions): Attacker {
  const underWay = new Set<number>();
  const held = new Set<Promise<void>>();
  let next = options.from;
  let holding = 0;

  async function playOne(index: number, family: string, made: Attack): Promise<void> {
    const startedMs = performance.now();
    underWay.add(index);
    const heard =
      made.on === 'wire'
        ? await playCopies(options, made)
        : await playPods(options, made.pods, made.questions);
    underWay.delete(index);
    options.onPlayed({ index, family, ms: performance.now() - startedMs, ...heard });
  }

  /** Not waited for, unless there are too many. */
  async function hold(index: number, family: string, made: WireAttack): Promise<void> {
    const { copies } = made;
    while (copies <= HELD_AT_ONCE && holding > 0 && holding + copies > HELD_AT_ONCE) await Promise.race(held);
    holding += copies;
    const playing = playOne(index, family, made).finally(() => {
      holding -= copies;
      held.delete(playing);
    });
    held.add(playing);
  }

  async function work(): Promise<void> {
    while (next < options.to && !options.ended()) {
      const index = next;
      next += 1;
      const { family, make } = generate(options.seed, index);
      if (options.family !== undefined && options.family !== family) continue;
      if (index % FORGET_EVERY === 0) options.api.pods.compact();
      const made = make();
      if (made.on === 'wire' && made.ending === 'hold') await hold(index, family, made);
      else await playOne(index, family, made);
    }
  }

  const workers = Array.from({ length: AT_ONCE }, work);
  const done = Promise.all(workers).then(async () => void (await Promise.all(held)));
  return { done, underWay: () => Array.from(underWay) };
}

type Outcome = Pick<Played, 'statuses' | 'bytes' | 'missing'>;

async function playCopies(options: AttackOptions, made: WireAttack): Promise<Outcome> {
  const all = await Promise.all(Array.from({ length: made.copies }, () => playUntilAnswered(options, made)));
  return {
    statuses: all.flatMap(({ statuses }) => statuses),
    bytes: all.reduce((most, { bytes }) => Math.max(most, bytes), 0),
    missing: all.reduce((sum, { statuses }) => sum + Math.max(0, made.due - statuses.length), 0),
  };
}

async function playUntilAnswered({ port, ended }: AttackOptions, made: WireAttack): Promise<Heard> {
  let heard = await playConnection(port, made);
  for (const ms of AGAIN_AFTER_MS) {
    if (heard.statuses.length >= made.due || heard.left || ended()) break;
    await delay(ms);
    heard = await playConnection(port, made);
  }
  return heard;
}

/** Creates the pods, has them asked about, and deletes them. */
async function playPods(
  options: AttackOptions,
  pods: readonly FakeObject[],
  questions: readonly WireAttack[],
): Promise<Outcome> {
  const { api } = options;
  for (const pod of pods) api.pods.put(pod);
  const all: Outcome[] = [];
  for (const question of questions) all.push(await playCopies(options, question));
  for (const { metadata } of pods) api.pods.delete(metadata);
  return {
    statuses: all.flatMap(({ statuses }) => statuses),
    bytes: all.reduce((most, { bytes }) => Math.max(most, bytes), 0),
    missing: all.reduce((sum, { missing }) => sum + missing, 0),
  };
}
