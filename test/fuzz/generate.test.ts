import { describe, expect, it } from 'vitest';
import type { Attack } from './attack.ts';
import { FAMILIES, generate } from './generate.ts';
import { documentedStatuses, httpTimeoutMs } from './report.ts';
import { memoryOfManifest } from './target.ts';

const SEED = 7;
const COUNT = 10_000;
/** What a million attacks may keep in memory at a time, twice over. */
const MOST_BYTES = 200_000_000;

const made = Array.from({ length: COUNT }, (_, index) => generate(SEED, index));

describe('an attack', () => {
  it('follows from its seed and number alone', () => {
    for (const index of [0, 1, 17, 400, 999]) {
      const first = made[index]?.make();
      expect(generate(SEED, index).make()).toEqual(first);
      expect(generate(SEED + 1, index).make()).not.toEqual(first);
    }
  });

  it('is of every family', () => {
    expect(new Set(made.map(({ family }) => family))).toEqual(new Set(FAMILIES.map(({ name }) => name)));
  });

  it('is small enough to be played beside others', () => {
    for (const { make } of made.slice(0, 500)) expect(bytesOf(make())).toBeLessThan(MOST_BYTES);
  });

  it('of pods has what the API server lets through, and no status', () => {
    const pods = made
      .filter(({ family }) => family === 'pods created')
      .map(({ make }) => make())
      .flatMap((attack) => (attack.on === 'api' ? attack.pods : []));
    expect(pods.length).toBeGreaterThan(10);
    for (const { metadata, status } of pods) {
      expect(metadata.name.length).toBeLessThanOrEqual(253);
      const texts = Object.entries(metadata.annotations ?? {}).flat();
      expect(Buffer.byteLength(texts.join(''))).toBeLessThanOrEqual(262_144);
      expect(status).toMatchObject({ phase: 'Pending', conditions: [{ status: 'False' }] });
    }
  });
});

describe('what a run is held against', () => {
  it('is the table of statuses, whatever it has', () => {
    expect(documentedStatuses()).toContain(200);
    const text =
      '## Answers\n| status | when |\n|---|---|\n| 200 | yes |\n| 404, 405 | no |\n\n## Next\n| 500 | x |\n';
    expect(documentedStatuses(text)).toEqual(new Set([200, 404, 405]));
    expect(documentedStatuses(text.split('\n## Next')[0])).toEqual(new Set([200, 404, 405]));
  });

  it("is the manifest's memory and the scheduler's timeout", () => {
    const { limitBytes, options } = memoryOfManifest();
    expect(limitBytes).toBeGreaterThan(0);
    expect(options.join(' ')).toMatch(/--max-old-space-size=\d+/);
    expect(httpTimeoutMs()).toBeGreaterThan(0);
  });
});

function bytesOf(attack: Attack): number {
  const all = attack.on === 'wire' ? [attack] : attack.questions;
  return all.flatMap(({ pieces }) => pieces).reduce((sum, { bytes }) => sum + bytes.length, 0);
}
