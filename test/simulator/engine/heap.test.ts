import fc from 'fast-check';
import { expect, it } from 'vitest';
import { popFrom, pushTo } from '../../../src/simulator/engine/heap.ts';

const isBefore = (left: number, right: number) => left < right;

it('a heap gives the first of what is in it, whatever comes in between', () => {
  const step = fc.oneof(fc.integer({ min: 0, max: 50 }), fc.constant('pop' as const));
  fc.assert(
    fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
      const heap: number[] = [];
      let sorted: number[] = [];
      for (const each of steps) {
        if (each === 'pop') {
          expect(popFrom(heap, isBefore)).toBe(sorted[0]);
          sorted = sorted.slice(1);
        } else {
          pushTo(heap, each, isBefore);
          sorted = [...sorted, each].sort((left, right) => left - right);
        }
      }
      expect(heap.length).toBe(sorted.length);
    }),
  );
});
