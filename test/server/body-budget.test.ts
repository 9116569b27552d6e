import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BodyBudget, type Place } from '../../src/server/body-budget.ts';

/** Enters requests by name; tells who had to give way. */
function budget(maxBytes: number) {
  const made = new BodyBudget(maxBytes);
  const gone: string[] = [];
  const enter = (name: string): Place => made.enter(() => void gone.push(name));
  return { made, gone, enter };
}

describe('the budget of bodies', () => {
  it('lets the one that came first give way, and only as many as it takes', () => {
    const { made, gone, enter } = budget(100);
    const [first, second, third] = [enter('first'), enter('second'), enter('third')];
    first.holds(40);
    second.holds(40);
    third.holds(50);
    expect(gone).toEqual(['first']);
    expect(made.heldBytes).toBe(90);
  });

  it('passes over those that hold nothing', () => {
    const { gone, enter } = budget(100);
    enter('answered');
    enter('slow').holds(60);
    enter('newest').holds(60);
    expect(gone).toEqual(['slow']);
  });

  it('takes back what is left, once', () => {
    const { made, enter } = budget(100);
    const place = enter('one');
    place.holds(40);
    place.holds(10);
    expect(made.heldBytes).toBe(10);
    place.leave();
    place.leave();
    place.holds(50);
    expect(made.heldBytes).toBe(0);
  });

  it('lets one that is too large by itself give way', () => {
    const { made, gone, enter } = budget(100);
    enter('huge').holds(101);
    expect(gone).toEqual(['huge']);
    expect(made.heldBytes).toBe(0);
  });

  it('is never exceeded, and is whole again when all have left, whatever happens', () => {
    const step = fc.record({ request: fc.nat(9), bytes: fc.nat(60), leaves: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const { made, gone, enter } = budget(100);
        const places = Array.from({ length: 10 }, (_, index) => enter(String(index)));
        for (const { request, bytes, leaves } of steps) {
          if (leaves) places[request]?.leave();
          else places[request]?.holds(bytes);
          expect(made.heldBytes).toBeGreaterThanOrEqual(0);
          expect(made.heldBytes).toBeLessThanOrEqual(100);
        }
        expect(new Set(gone).size, 'each gives way once').toBe(gone.length);
        for (const place of places) place.leave();
        expect(made.heldBytes).toBe(0);
      }),
    );
  });
});
