import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { browserForTests, takePicture } from './browser.ts';
import { comparisonFile, fullResult, reportFile, sweepFile } from './pages.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const open = browserForTests();
const full = fullResult();
const pages = {
  report: reportFile(full),
  comparison: comparisonFile(['spillway', 'default', 'random'].map((label) => ({ label, result: full }))),
  sweep: sweepFile(),
};

/** Every rule of axe-core, best practices too, with all that can be opened open. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
  await page.evaluate(axe);
  const { violations: found } = await page.evaluate<AxeResults>('axe.run(document)');
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
}

describe('axe-core finds nothing', () => {
  it.each([
    { name: 'report', colorScheme: 'light', width: 1280 },
    { name: 'report', colorScheme: 'dark', width: 1280 },
    { name: 'report', colorScheme: 'light', width: 400 },
    { name: 'comparison', colorScheme: 'light', width: 1280 },
    { name: 'comparison', colorScheme: 'dark', width: 400 },
    { name: 'sweep', colorScheme: 'light', width: 1280 },
    { name: 'sweep', colorScheme: 'dark', width: 400 },
  ] as const)('in the $name, $colorScheme, at $width px', async ({ name, colorScheme, width }) => {
    const viewport = { width, height: 900 };
    const { page } = await open(pages[name], { colorScheme, viewport, bypassCSP: true });
    expect(await violations(page)).toEqual([]);
  });

  it('in the card of a decision', async () => {
    const { page } = await open(pages.report, { bypassCSP: true });
    await page.locator('#dots a').first().focus();
    await page.evaluate(axe);
    const { violations: found } = await page.evaluate<AxeResults>('axe.run("#card")');
    expect(found.map(({ id }) => id)).toEqual([]);
  });
});

describe('the page of a sweep', () => {
  it.each([1280, 400])('does not scroll sideways at %i px, and complains of nothing', async (width) => {
    const { page, complaints } = await open(pages.sweep, { viewport: { width, height: 900 } });
    await takePicture(page, `sweep-${width}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(complaints).toEqual([]);
  });
});

describe('the page that compares runs', () => {
  it.each([1280, 400])('does not scroll sideways at %i px, and complains of nothing', async (width) => {
    const { page, complaints } = await open(pages.comparison, { viewport: { width, height: 900 } });
    await takePicture(page, `comparison-${width}`);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    expect(complaints).toEqual([]);
  });
});

describe('contrast in figures, which axe does not see', () => {
  const text = ['ink', 'soft', 'edge', 'cloud', 'miss'].map((over) => ({ over, under: 'paper', least: 4.5 }));
  const inLayers = ['edge-fill', 'cloud-fill', 'pending-fill'].map((under) => ({
    over: 'ink',
    under,
    least: 4.5,
  }));
  const lines = [
    { over: 'edge', under: 'edge-fill', least: 3 },
    { over: 'cloud', under: 'cloud-fill', least: 3 },
    { over: 'miss', under: 'edge-fill', least: 3 },
    { over: 'miss', under: 'cloud-fill', least: 3 },
  ];
  const pairs = [...text, ...inLayers, ...lines];
  const names = pairs.flatMap(({ over, under }) => [over, under]);

  it.each(['light', 'dark'] as const)('is enough for text and for lines (%s)', async (colorScheme) => {
    const { page } = await open(pages.report, { colorScheme });
    const colors = await page.evaluate<Readonly<Record<string, string>>>(
      `Object.fromEntries(${JSON.stringify(names)}.map((name) => [name, getComputedStyle(document.documentElement).getPropertyValue('--' + name).trim()]))`,
    );
    const tooLow = pairs
      .map(({ over, under, least }) => ({ over, under, least, found: contrast(colors[over], colors[under]) }))
      .filter(({ found, least }) => !(found >= least));
    expect(tooLow).toEqual([]);
  });
});

function contrast(one = '', other = ''): number {
  const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((left, right) => left - right);
  return (light + 0.05) / (dark + 0.05);
}

/** Relative luminance of `#rrggbb`, by WCAG 2.2. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((from) => {
    const share = Number.parseInt(color.slice(from, from + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
