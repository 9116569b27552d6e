import { HttpServer } from '../../src/server/http-server.ts';
import { OPTIONS, partsFor } from '../server/harness.ts';
import { describeConformance } from './conformance.ts';

describeConformance('over HTTP', async (context) => {
  const server = new HttpServer(OPTIONS, partsFor(context));
  const { port } = await server.start();
  return {
    post: async (verb, body) => {
      const response = await fetch(`http://127.0.0.1:${port}/${verb}`, { method: 'POST', body });
      return { status: response.status, body: await response.text() };
    },
    close: () => server.stop(),
  };
});
