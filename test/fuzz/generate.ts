import { createDraw, type Draw } from '../fidelity/draw.ts';
import type { Attack, Family } from './attack.ts';
import { API_FAMILIES } from './families/api.ts';
import { CONNECTION_FAMILIES } from './families/connections.ts';
import { FRAMING_FAMILIES } from './families/framing.ts';
import { HTTP_FAMILIES } from './families/http.ts';
import { JSON_FAMILIES } from './families/json.ts';
import { POD_FAMILIES } from './families/pods.ts';
import { QUESTIONS } from './families/questions.ts';
import { SIZE_FAMILIES } from './families/sizes.ts';
import { TYPE_FAMILIES } from './families/types.ts';

export const FAMILIES: readonly Family[] = [
  ...QUESTIONS,
  ...JSON_FAMILIES,
  ...TYPE_FAMILIES,
  ...POD_FAMILIES,
  ...SIZE_FAMILIES,
  ...HTTP_FAMILIES,
  ...FRAMING_FAMILIES,
  ...CONNECTION_FAMILIES,
  ...API_FAMILIES,
];

export interface Generated {
  readonly family: string;
  /** Made when it is asked for: some are megabytes. */
  readonly make: () => Attack;
}

/** The attack of this number: it follows from the seed and the number alone, so that it can be played again. */
export function generate(seed: number, index: number): Generated {
  const draw = createDraw(seed, `fuzz-${index}`);
  const { name, make } = familyOf(draw);
  return { family: name, make: () => make(draw) };
}

function familyOf(draw: Draw): Family {
  const total = FAMILIES.reduce((sum, { weight }) => sum + weight, 0);
  let left = draw.between(0, total - 1);
  const family = FAMILIES.find(({ weight }) => {
    left -= weight;
    return left < 0;
  });
  if (family === undefined) throw new Error('the weights do not add up');
  return family;
}
