import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createFifo, peek, take } from '../../../src/simulator/load/fifo.ts';
import { popFrom, pushTo } from '../../../src/simulator/load/heap.ts';

const numbers = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 400 });

describe('the queues of a pod', () => {
  it('take requests in the order in which they came, however often they are emptied', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(200), fc.nat(200)), { maxLength: 10 }), (rounds) => {
        const fifo = createFifo<number>();
        const [taken, given]: [number[], number[]] = [[], []];
        for (const [put, out] of rounds) {
          for (let index = 0; index < put; index += 1) {
            given.push(given.length);
            fifo.items.push(given.length - 1);
          }
          for (let index = 0; index < out; index += 1) {
            const next = peek(fifo);
            expect(take(fifo)).toBe(next);
            if (next !== undefined) taken.push(next);
          }
        }
        expect(taken).toEqual(given.slice(0, taken.length));
      }),
    ));

  it('end requests in the order in which they are done', () =>
    fc.assert(
      fc.property(numbers, (times) => {
        const heap: { doneAt: number }[] = [];
        for (const doneAt of times) pushTo(heap, { doneAt });
        const popped = times.map(() => popFrom(heap)?.doneAt);
        expect(popped).toEqual(times.toSorted((left, right) => left - right));
        expect(popFrom(heap)).toBeUndefined();
      }),
    ));
});
