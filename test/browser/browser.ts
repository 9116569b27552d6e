import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';

/** Debian's and Ubuntu's packages, in this order; `CHROMIUM_PATH` comes first. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Where pictures for a reader's eye go; git does not see them. */
const PICTURES = fileURLToPath(new URL('../../.cache/browser/', import.meta.url));

export interface Opened {
  readonly page: Page;
  /** Whatever the page printed or threw, and every address that it asked for. */
  readonly complaints: readonly string[];
  readonly requests: readonly string[];
}

/** A browser for the tests of a file, and a page in it for each of them. */
export function browserForTests(): (file: string, options?: BrowserContextOptions) => Promise<Opened> {
  const running: { browser?: Browser } = {};
  beforeAll(async () => {
    running.browser = await chromium.launch({ executablePath: findChromium() });
  });
  afterEach(async () => {
    await Promise.all((running.browser?.contexts() ?? []).map((context) => context.close()));
  });
  afterAll(() => running.browser?.close());
  return async (file, options = {}) => {
    if (running.browser === undefined) throw new Error('the browser has not started');
    const context = await running.browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    await context.setOffline(true);
    const page = await context.newPage();
    const complaints: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(file);
    return { page, complaints, requests };
  };
}

function findChromium(): string {
  const found = [process.env['CHROMIUM_PATH'], ...PLACES].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (found === undefined) {
    throw new Error(
      `no Chromium: set CHROMIUM_PATH, or install it (apt-get install chromium); looked in ${PLACES.join(', ')}`,
    );
  }
  return found;
}

/** Writes a page to a folder of its own. */
export function fileOf(page: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'spillway-report-')), 'report.html');
  writeFileSync(file, page);
  return pathToFileURL(file).href;
}

export async function takePicture(page: Page, name: string): Promise<void> {
  mkdirSync(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true });
}

export async function takePdf(page: Page, name: string): Promise<Buffer> {
  mkdirSync(PICTURES, { recursive: true });
  return page.pdf({ path: join(PICTURES, `${name}.pdf`), format: 'A4' });
}
