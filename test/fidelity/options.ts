/** What may be another way by hand: `SEED=7 CASES=2000 npm run test:fidelity -- fidelity/scheduler`. */
export interface DrawOptions {
  readonly seed: number;
  readonly cases: number;
}

export function drawOptions(defaults: DrawOptions, mostCases?: number): DrawOptions {
  return {
    seed: wholeNumber('SEED', defaults.seed),
    cases: wholeNumber('CASES', defaults.cases, mostCases),
  };
}

/** A whole number from 1 out of the environment. */
export function wholeNumber(name: string, otherwise: number, most = Number.MAX_SAFE_INTEGER): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (/^[1-9]\d*$/.test(text) && Number(text) <= most) return Number(text);
  const span = most === Number.MAX_SAFE_INTEGER ? 'from 1' : `from 1 to ${most}`;
  throw new Error(`${name}: found ${JSON.stringify(text)}, allowed is a whole number ${span}`);
}
