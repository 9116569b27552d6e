// A process of its own: asks one sound question after the other over one connection, and says how long each took.
// Its time is not taken by whoever makes and sends the attacks. Arguments: port, file of the question, nodes asked for.
import { readFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';

/** Between two questions: a scheduler has work of its own. */
const REST_MS = 2;
const WRONG_KEPT = 100;

const [port, file = ''] = process.argv.slice(2);
const body = readFileSync(file);
const names: ReadonlySet<string> = new Set(JSON.parse(String(body)).NodeNames);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let stopped = false;
process.on('message', () => {
  stopped = true;
});

function ask(): Promise<string | undefined> {
  return new Promise((resolve) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length };
    const asked = request(
      { host: '127.0.0.1', port, path: '/filter', method: 'POST', agent, headers },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(wrongIn(response.statusCode, text)));
        response.on('error', (error) => resolve(String(error)));
      },
    );
    asked.on('error', (error) => resolve(String(error)));
    asked.end(body);
  });
}

/** Attackers may hold the edge for a while, so the cloud is right too; no node, or another, is wrong. */
function wrongIn(status: number | undefined, text: string): string | undefined {
  if (status !== 200) return `${status}: ${text.slice(0, 200)}`;
  const answered: readonly string[] = JSON.parse(text).NodeNames;
  const isRight = answered.length > 0 && answered.every((name) => names.has(name));
  return isRight ? undefined : `nodes: ${text.slice(0, 200)}`;
}

const ms: number[] = [];
const wrong: string[] = [];
while (!stopped) {
  const startedMs = performance.now();
  const found = await ask();
  ms.push(performance.now() - startedMs);
  if (found !== undefined && wrong.length < WRONG_KEPT) wrong.push(found);
  await delay(REST_MS);
}
agent.destroy();
// Whoever disconnects too early is not heard.
process.send?.({ ms, wrong }, () => process.disconnect?.());
