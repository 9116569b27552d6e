import { measure, question } from './handlers.ts';
import { type Started, startScript, stopAll } from './processes.ts';
import { printTable, quantile } from './table.ts';

const BUSY_US = [0, 5, 10, 20, 40, 80];
const NODES = 100;
const ROUNDS = 3000;

/**
 * What an answer that comes later costs beyond the time that it comes later: the client's processor may
 * have gone to sleep meanwhile. The bare server, kept busy before it answers.
 */
export async function benchLate(): Promise<void> {
  const started: Started[] = [];
  try {
    for (const busyUs of BUSY_US) started.push(await startScript('bare-server.ts', String(busyUs)));
    const ways = started.map((server) => ({ url: server.said, server }));
    const measured = await measure(ways, ROUNDS, (round) => question(NODES, round));
    const p50Us = measured.map(({ ms }) => quantile(ms, 0.5) * 1000);
    printTable(
      `Latency in µs of the bare server, busy before it answers, ${NODES} names`,
      ['busy', 'p50', 'later than idle', 'beyond the work'],
      BUSY_US.map((busyUs, index) => {
        const us = p50Us[index] ?? Number.NaN;
        const laterUs = us - (p50Us[0] ?? Number.NaN);
        return [busyUs, us, laterUs, laterUs - busyUs].map((value) => value.toFixed(0));
      }),
    );
  } finally {
    await stopAll(started);
  }
}
