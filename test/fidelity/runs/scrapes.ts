/** One node, asked once by metrics-server. */
export interface Scrape {
  readonly node: string;
  /** Since the epoch. */
  readonly atMs: number;
  readonly failed: boolean;
}

/** `I1124 16:02:53.104000   4711 scraper.go:146] "Scraping node" node="edge"`: local time, and no year. */
const LINE =
  /^[IE](\d\d)(\d\d) (\d\d):(\d\d):(\d\d\.\d+) .*\] "(Scraping node|Failed to scrape node)(?:, [^"]*)?".* node="([^"]+)"/;

/**
 * metrics-server's own log tells to the microsecond what its API tells in whole seconds.
 *
 * @param log written with `--v=2`
 * @param aboutMs a time of the log, since the epoch: it says no year
 */
export function readScrapes(log: string, aboutMs: number): readonly Scrape[] {
  const year = new Date(aboutMs).getFullYear();
  const scrapes: Scrape[] = [];
  for (const line of log.split('\n')) {
    const [, month, day, hour, minute, seconds, what, node] = LINE.exec(line) ?? [];
    if (node === undefined) continue;
    if (what === 'Scraping node') {
      const whole = new Date(year, Number(month) - 1, Number(day), Number(hour), Number(minute));
      scrapes.push({ node, atMs: whole.getTime() + Number(seconds) * 1000, failed: false });
      continue;
    }
    const begun = scrapes.findLastIndex((scrape) => scrape.node === node);
    const scrape = scrapes[begun];
    if (scrape !== undefined) scrapes[begun] = { ...scrape, failed: true };
  }
  return scrapes;
}
