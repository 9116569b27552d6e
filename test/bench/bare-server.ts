// A process of its own: an extender that reads the question and answers a constant. The floor to measure against.
// Argument: microseconds for which it keeps the processor busy before it answers.
import { createServer } from 'node:http';

const busyMs = Number(process.argv[2] ?? 0) / 1000;
const answer = JSON.stringify({ NodeNames: ['node-1'] });
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const untilMs = performance.now() + busyMs;
    while (performance.now() < untilMs);
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length });
    response.end(answer);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}`);
});
