/** Decimal exponents of Kubernetes' quantity suffixes; binary ones make no sense for CPU but are legal. */
const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
};

const QUANTITY = /^([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/;

/**
 * Millicores of a Kubernetes quantity: `706808951n`, `1522u`, `250m`, `2`, `0.5`, `1k`, `1e3`.
 * Undefined when the text is no quantity, or one beyond all numbers (`1e999`). Grammar: apimachinery's pkg/api/resource/quantity.go.
 */
export function parseCpuMilli(text: string): number | undefined {
  const match = QUANTITY.exec(text);
  if (match === null) return undefined;
  const [, digits = '', exponent = '', suffix = ''] = match;
  const milli = Number(digits + exponent) * (SUFFIXES[suffix] ?? 1) * 1000;
  // Nanocores are the smallest step there is: rounding to them removes the noise of the multiplication.
  const nano = Math.round(milli * 1e6);
  return Number.isFinite(nano) ? nano / 1e6 : undefined;
}
