import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { browserForTests, takePdf, takePicture } from './browser.ts';
import { e1Result, fullResult, reportFile } from './pages.ts';

const open = browserForTests();
const full = reportFile(fullResult());

describe('e1, drawn', () => {
  const e1: { file: string } = { file: '' };
  beforeAll(async () => {
    e1.file = reportFile(await e1Result());
  });

  it('is below 1 MB', () => {
    expect(readFileSync(fileURLToPath(e1.file)).byteLength).toBeLessThan(1_000_000);
  });

  it('has a dot for each of its 15 decisions', async () => {
    const { page } = await open(e1.file);
    expect(await page.locator('#dots a').count()).toBe(15);
    await takePicture(page, 'e1');
  });
});

describe('the page of a run', () => {
  it('opens from a file without a network, and complains of nothing', async () => {
    const { complaints, requests } = await open(full);
    expect(complaints).toEqual([]);
    expect(requests.filter((address) => !address.startsWith('data:'))).toEqual([full]);
  });

  it.each([
    { width: 1280, height: 900, colorScheme: 'light' },
    { width: 1280, height: 900, colorScheme: 'dark' },
    { width: 400, height: 800, colorScheme: 'light' },
    { width: 400, height: 800, colorScheme: 'dark' },
  ] as const)(
    'does not scroll sideways at $width px ($colorScheme)',
    async ({ width, height, colorScheme }) => {
      const { page } = await open(full, { viewport: { width, height }, colorScheme });
      await takePicture(page, `full-${width}-${colorScheme}`);
      await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    },
  );

  it('draws its figures over the width that there is', async () => {
    const { page } = await open(full, { viewport: { width: 400, height: 800 } });
    const widths = await Promise.all(
      (await page.locator('svg.plot').all()).map(async (plot) => (await plot.boundingBox())?.width ?? 0),
    );
    expect(Math.min(...widths)).toBeGreaterThan(290);
    expect(Math.max(...widths)).toBeLessThanOrEqual(368);
  });
});

describe('without script', () => {
  it('a dot is a link that opens its decision', async () => {
    const { page } = await open(full, { javaScriptEnabled: false });
    const candidates = page.locator('#d-3 table');
    expect(await candidates.isVisible()).toBe(false);
    await page.locator('a[href="#d-3"]').click();
    await candidates.waitFor({ state: 'visible' });
  });
});

describe('a decision', () => {
  it('shows its candidates when one points at its dot, until one leaves dot and card', async () => {
    const { page } = await open(full);
    const dot = page.locator('#dots a').nth(1);
    const card = page.locator('#card');
    await dot.hover();
    expect(await card.innerText()).toContain('web-1');
    expect(await card.locator('tbody tr').count()).toBe(2);
    expect(await card.innerText()).toMatch(
      /edge-1 edge\s+400m\s+750m\s+100m\s+850m\s+800m\s+refused: edge CPU above threshold/,
    );
    const { x, y, width, height } = (await card.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 12 });
    expect(await card.isVisible()).toBe(true);
    await page.mouse.move(5, 5);
    expect(await card.isVisible()).toBe(false);
  });

  it('is marked by a line through all figures', async () => {
    const { page } = await open(full);
    const rules = page.locator('.rule');
    expect(await rules.first().isVisible()).toBe(false);
    await page.locator('#dots a').nth(1).hover();
    const places = await Promise.all((await rules.all()).map(async (rule) => (await rule.boundingBox())?.x));
    expect(places.length).toBeGreaterThanOrEqual(5);
    expect(new Set(places)).toEqual(new Set([expect.any(Number)]));
  });

  it('is shown by its mark in the CPU of an edge node too', async () => {
    const { page } = await open(full);
    await page.locator('.planned [data-d="23"]').hover();
    expect(await page.locator('#card').innerText()).toContain('web-23');
  });

  it('is reached by keyboard: one tab stop, arrows, Home and End, Enter to its place in the list', async () => {
    const { page } = await open(full);
    const card = page.locator('#card');
    const focused = () => page.evaluate('document.activeElement.dataset.d ?? document.activeElement.tagName');
    await page.locator('a[href="#decision-list"]').focus();
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('0');
    expect(await card.innerText()).toContain('web-0');
    await page.keyboard.press('ArrowRight');
    expect(await card.innerText()).toContain('web-1');
    await page.keyboard.press('End');
    expect(await focused()).toBe('23');
    await page.keyboard.press('ArrowRight');
    expect(await focused()).toBe('23');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowLeft');
    expect(await focused()).toBe('0');
    await page.keyboard.press('Escape');
    expect(await card.isVisible()).toBe(false);
    await page.keyboard.press('ArrowDown');
    expect(await card.isVisible()).toBe(true);
    await page.keyboard.press('Enter');
    expect(await page.locator('#d-1 table').isVisible()).toBe(true);
    expect(await focused()).toBe('SUMMARY');
    expect(await card.isVisible()).toBe(false);
  });

  it('is one tab stop only, so that the list is the next', async () => {
    const { page } = await open(full);
    await page.locator('#dots a').first().focus();
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.closest("#dots")')).toBeNull();
  });

  it('is led to from the expectation that it failed', async () => {
    const { page } = await open(full);
    await page.locator('#expectations a[href="#d-1"]').click();
    expect(await page.locator('#d-1 table').isVisible()).toBe(true);
  });
});

describe('the skip link', () => {
  it('is the first stop, and leads past the head', async () => {
    const { page } = await open(full);
    await page.keyboard.press('Tab');
    expect((await page.locator('.skip').boundingBox())?.y).toBeGreaterThanOrEqual(0);
    await page.keyboard.press('Enter');
    expect(await page.evaluate('document.activeElement.id')).toBe('main');
  });
});

describe('on paper', () => {
  it('is light even where the screen is dark, without what one can only click', async () => {
    const { page } = await open(full, { colorScheme: 'dark' });
    const background = () => page.evaluate('getComputedStyle(document.documentElement).backgroundColor');
    expect(await background()).toBe('rgb(21, 24, 27)');
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await background()).toBe('rgb(253, 253, 251)');
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect(await page.locator('details.data').first().isVisible()).toBe(false);
    expect(await page.locator('svg.plot').first().isVisible()).toBe(true);
  });

  it('fits on a few sheets', async () => {
    const { page } = await open(full);
    const pdf = await takePdf(page, 'full');
    expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)?.length).toBeLessThanOrEqual(6);
  });
});
