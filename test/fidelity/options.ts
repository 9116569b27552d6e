/** What may be another way by hand: `SEED=7 CASES=2000 npm run test:fidelity -- scheduler`. */
export interface DrawOptions {
  readonly seed: number;
  readonly cases: number;
}

export function drawOptions(defaults: DrawOptions): DrawOptions {
  return {
    seed: wholeNumber('SEED', defaults.seed),
    cases: wholeNumber('CASES', defaults.cases),
  };
}

/** A whole number from 1 out of the environment. */
export function wholeNumber(name: string, otherwise: number): number {
  const text = process.env[name];
  if (text === undefined) return otherwise;
  if (/^[1-9]\d*$/.test(text)) return Number(text);
  throw new Error(`${name}: found ${JSON.stringify(text)}, allowed is a whole number from 1`);
}
