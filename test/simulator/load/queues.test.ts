import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFifo, peek, take } from '../../../src/simulator/load/fifo.ts';

describe('the queues of a pod', () => {
  it('take requests in the order in which they came, however often they are emptied', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { maxLength: 10 }), (rounds) => {
        const fifo = createFifo<number>();
        const [taken, given]: [number[], number[]] = [[], []];
        const giveOne = () => {
          given.push(given.length);
          fifo.items.push(given.length - 1);
        };
        const takeOne = () => {
          const next = peek(fifo);
          expect(take(fifo)).toBe(next);
          if (next !== undefined) taken.push(next);
        };
        for (const [put, out] of rounds) {
          for (let index = 0; index < put; index += 1) giveOne();
          for (let index = 0; index < out; index += 1) takeOne();
        }
        expect(taken).toEqual(given.slice(0, taken.length));
      }),
    ));
});
