import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { cellText } from '../../../src/compare/columns.ts';
import { comparePolicies } from '../../../src/compare/compare.ts';
import type { Measures } from '../../../src/compare/measures.ts';
import { traceOf } from '../traces.ts';
import { shippedTraces } from './files.ts';

const catalogue = readFileSync(fileURLToPath(new URL('../../../docs/traces.md', import.meta.url)), 'utf8');
/** Those in folders have pages of their own. */
const traces = shippedTraces().filter(({ file }) => file === basename(file));

function figures({ edgeFillRatio, secondsAboveThreshold, cloudWhileEdgeFits }: Measures): string {
  return [
    cellText(edgeFillRatio, 3),
    `${cellText(secondsAboveThreshold, 0)} s`,
    cellText(cloudWhileEdgeFits, 0),
  ].join(', ');
}

describe.each(traces)('docs/traces.md on $file', { timeout: 30_000 }, ({ file, document }) => {
  it('says what it shows', () => {
    expect(catalogue).toContain(`\n| [${file}](../simulations/${file}) |`);
  });

  it('has the figures that --compare gives', async () => {
    const { runs } = comparePolicies(await traceOf(document), ['spillway', 'default', 'affinity']);
    expect(catalogue).toContain(
      `\n| ${file} | ${runs.map(({ measures }) => figures(measures)).join(' | ')} |\n`,
    );
  });
});
