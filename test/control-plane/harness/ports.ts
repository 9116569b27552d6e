import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:net';

/** Below those that the system gives to connections (32768 on Linux): one of them could take a port that is free now. */
const RANGE = { from: 10_000, to: 32_000 } as const;

/**
 * Free ports of 127.0.0.1, all different: they are held together before they are let go. By chance, so that several
 * who ask at a time hardly get the same.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = new Map<number, Server>();
  while (servers.size < count) {
    const port = randomInt(RANGE.from, RANGE.to);
    const server = servers.has(port) ? undefined : await listen(port);
    if (server !== undefined) servers.set(port, server);
  }
  await Promise.all(Array.from(servers.values(), (server) => once(server.close(), 'close')));
  return [...servers.keys()];
}

async function listen(port: number): Promise<Server | undefined> {
  const server = createServer();
  const isListening = once(server, 'listening').then(
    () => true,
    () => false,
  );
  server.listen(port, '127.0.0.1');
  return (await isListening) ? server : undefined;
}

export async function freePort(): Promise<number> {
  const [port] = await freePorts(1);
  if (port === undefined) throw new Error('no free port');
  return port;
}
