import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What kube-scheduler sends to filter and prioritize (nodeCacheCapable). */
interface ExtenderArgs {
  readonly Pod: { readonly metadata: { readonly name: string; readonly uid: string } };
  readonly NodeNames: readonly string[] | null;
}

export interface StubVerbs {
  readonly filter?: (args: ExtenderArgs) => object;
  readonly prioritize?: (args: ExtenderArgs) => readonly object[];
}

/** An extender in a few lines: to prove the harness without the product, or to stand beside it. */
export class StubExtender {
  readonly calls: { readonly verb: string; readonly pod: string }[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(verbs: StubVerbs): Promise<StubExtender> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    // Go keeps idle connections for 90 s: the side that closes first must be the client.
    server.keepAliveTimeout = 100_000;
    const stub = new StubExtender(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk);
      const args: ExtenderArgs = JSON.parse(Buffer.concat(chunks).toString());
      const verb = request.url?.slice(1) ?? '';
      stub.calls.push({ verb, pod: args.Pod.metadata.name });
      const answer = verb === 'filter' ? verbs.filter?.(args) : verbs.prioritize?.(args);
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? null));
    });
    return stub;
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.#server.closeAllConnections();
    await closed;
  }
}
