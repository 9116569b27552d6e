// A process of its own: an extender that answers at once. Argument: `one` (filter leaves one of the nodes, so
// prioritize is never called) or `all` (filter leaves them all, prioritize scores them alike).
import { createServer } from 'node:http';

const leavesOne = process.argv[2] === 'one';
let turn = 0;

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    const names: readonly string[] = JSON.parse(Buffer.concat(chunks).toString()).NodeNames;
    turn += 1;
    const kept = leavesOne ? [names[turn % names.length]] : names;
    const scores = () => names.map((Host) => ({ Host, Score: 0 }));
    const body = JSON.stringify(request.url === '/filter' ? { NodeNames: kept } : scores());
    response.writeHead(200, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(body),
    });
    response.end(body);
  });
});
server.keepAliveTimeout = 120_000;
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}`);
});
