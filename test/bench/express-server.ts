// A process of its own: the bare server's constant answer, dispatched by Express.
import express from 'express';

const answer = JSON.stringify({ NodeNames: ['node-1'] });
const app = express();
app.disable('x-powered-by');
app.post('/filter', (request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': answer.length });
    response.end(answer);
  });
});
const server = app.listen(0, '127.0.0.1', () => {
  server.keepAliveTimeout = 120_000;
  const address = server.address();
  if (typeof address === 'object' && address !== null) console.log(`http://127.0.0.1:${address.port}`);
});
