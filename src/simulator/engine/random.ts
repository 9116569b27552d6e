/**
 * Random numbers that follow from a seed: sfc32 (Chris Doty-Humphrey's Small Fast Counter, PractRand), seeded
 * through the finaliser of MurmurHash3. The same on every machine; not for secrets.
 */
export interface Random {
  a: number;
  b: number;
  c: number;
  counter: number;
}

/** @param purpose every purpose has its own stream: a model that draws more does not change what others draw */
export function createRandom(seed: number, purpose: string): Random {
  let hash = seed >>> 0;
  for (let index = 0; index < purpose.length; index += 1) {
    hash = mix(hash ^ purpose.charCodeAt(index));
  }
  const random: Random = { a: mix(hash + 1), b: mix(hash + 2), c: mix(hash + 3), counter: 1 };
  for (let round = 0; round < 12; round += 1) next(random);
  return random;
}

/** From 0 up to, not including, 1. */
export function uniform(random: Random): number {
  return next(random) / 4_294_967_296;
}

/** A whole number from 0 up to, not including, `bound`. */
export function below(random: Random, bound: number): number {
  return Math.floor(uniform(random) * bound);
}

function next(random: Random): number {
  const result = (random.a + random.b + random.counter) | 0;
  random.counter = (random.counter + 1) | 0;
  random.a = random.b ^ (random.b >>> 9);
  random.b = (random.c + (random.c << 3)) | 0;
  random.c = (((random.c << 21) | (random.c >>> 11)) + result) | 0;
  return result >>> 0;
}

function mix(value: number): number {
  let hash = value | 0;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
