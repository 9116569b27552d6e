import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ask, question, startSpillway } from './handlers.ts';
import { type Started, startScript, stopAll } from './processes.ts';
import { printTable, quantile } from './table.ts';

/** Two thirds of them at the edge. */
const NODES = 7500;
const QUESTION_NODES = 100;
const SCRAPERS = [0, 1, 20];
const ROUNDS = 2000;
const WARM_UP = 300;

interface Scraping {
  readonly pages: () => number;
  readonly stop: () => void;
}

/** Each reads the page again as soon as it has it. */
function scrape(url: string, scrapers: number): Scraping {
  let going = true;
  let pages = 0;
  const agent = new Agent({ keepAlive: true });
  const again = (): void => {
    if (!going) return;
    get(`${url}/metrics`, { agent }, (response) => {
      response.resume();
      response.once('end', () => {
        if (response.statusCode === 200) pages += 1;
        again();
      });
    }).on('error', () => going && again());
  };
  for (let count = 0; count < scrapers; count += 1) again();
  return {
    pages: () => pages,
    stop: () => {
      going = false;
      agent.destroy();
    },
  };
}

async function rowOf(url: string, scrapers: number): Promise<readonly string[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const scraping = scrape(url, scrapers);
  const ms: number[] = [];
  const startedMs = performance.now();
  for (let round = -WARM_UP; round < ROUNDS; round += 1) {
    const tookMs = await ask(agent, `${url}/filter`, question(QUESTION_NODES, round));
    if (round >= 0) ms.push(tookMs);
  }
  const pages = (scraping.pages() / (performance.now() - startedMs)) * 1000;
  scraping.stop();
  agent.destroy();
  ms.sort((left, right) => left - right);
  const shares = [0.5, 0.99, 1].map((share) => quantile(ms, share).toFixed(1));
  return [String(scrapers), ...shares, pages.toFixed(1)];
}

/** What scrapes of a page of many edge nodes cost the scheduler's questions. */
export async function benchScrapes(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-bench-'));
  const started: Started[] = [];
  try {
    const api = await startScript('fake-cluster.ts', String(NODES));
    started.push(api);
    const spillway = await startSpillway(folder, api.said);
    started.unshift(spillway);
    const rows: (readonly string[])[] = [];
    for (const scrapers of SCRAPERS) rows.push(await rowOf(spillway.said, scrapers));
    printTable(
      `Filter of ${QUESTION_NODES} nodes in ms while /metrics of ${(NODES / 3) * 2} edge nodes is read without a pause`,
      ['scrapers', 'p50', 'p99', 'longest', 'pages/s'],
      rows,
    );
  } finally {
    await stopAll(started);
    rmSync(folder, { recursive: true, force: true });
  }
}
