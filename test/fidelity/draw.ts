import { below, createRandom, uniform } from '../../src/simulator/engine/random.ts';

/** Draws from a seed. */
export interface Draw {
  readonly chance: (ratio: number) => boolean;
  readonly pick: <T>(items: readonly T[]) => T;
  /** A whole number, both ends among them. */
  readonly between: (least: number, most: number) => number;
  readonly times: <T>(count: number, make: (index: number) => T) => readonly T[];
}

export function createDraw(seed: number, purpose: string): Draw {
  const random = createRandom(seed, purpose);
  return {
    chance: (ratio) => uniform(random) < ratio,
    pick: (items) => {
      const item = items[below(random, items.length)];
      if (item === undefined) throw new Error('nothing to pick from');
      return item;
    },
    between: (least, most) => least + below(random, most - least + 1),
    times: (count, make) => Array.from({ length: count }, (_, index) => make(index)),
  };
}
