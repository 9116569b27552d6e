import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readTlsPair, TlsReloader } from '../../src/server/tls.ts';
import { selfSignedPair } from '../fake/certificate.ts';
import { withServer } from './harness.ts';

const first = selfSignedPair('first');
const second = selfSignedPair('second');

describe('a renewed certificate', () => {
  let folder = '';
  let server: Server;
  let reloader: TlsReloader;
  let logged: string[] = [];

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-tls-'));
    await writeFile(join(folder, 'tls.crt'), first.cert);
    await writeFile(join(folder, 'tls.key'), first.key);
    const files = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
    const pair = await readTlsPair(files);
    server = createServer(pair);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    logged = [];
    const log = (level: string, message: string) => void logged.push(`${level}: ${message}`);
    reloader = new TlsReloader(server, files, pair, { log });
  });

  afterEach(async () => {
    reloader.stop();
    server.close();
    await rm(folder, { recursive: true });
  });

  async function servedName(): Promise<string | undefined> {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
    try {
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
      return String(socket.getPeerCertificate().subject.CN);
    } finally {
      socket.destroy();
    }
  }

  it('is taken into use for new connections', async () => {
    await writeFile(join(folder, 'tls.crt'), second.cert);
    await writeFile(join(folder, 'tls.key'), second.key);
    await reloader.look();
    expect(await servedName()).toBe('second');
    expect(logged).toEqual(['info: TLS certificate renewed']);
  });

  it('waits for its key: until both fit, the old pair stays in use', async () => {
    await writeFile(join(folder, 'tls.crt'), second.cert);
    await reloader.look();
    expect(await servedName()).toBe('first');
    await writeFile(join(folder, 'tls.key'), second.key);
    await reloader.look();
    expect(await servedName()).toBe('second');
    expect(logged).toEqual(['warn: TLS certificate not renewed', 'info: TLS certificate renewed']);
  });

  it('that is garbage, or gone, leaves the old one in use', async () => {
    await writeFile(join(folder, 'tls.crt'), 'garbage');
    await reloader.look();
    await rm(join(folder, 'tls.crt'));
    await reloader.look();
    expect(await servedName()).toBe('first');
    expect(logged).toEqual(['warn: TLS certificate not renewed', 'warn: TLS certificate not renewed']);
  });

  it('is looked for by itself', async () => {
    reloader.start(10);
    await writeFile(join(folder, 'tls.crt'), second.cert);
    await writeFile(join(folder, 'tls.key'), second.key);
    while ((await servedName()) !== 'second') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(logged.at(-1)).toBe('info: TLS certificate renewed');
  });
});

it('refuses to start without its certificate, and names the file', async () => {
  const tls = { certFile: '/nowhere/tls.crt', keyFile: '/nowhere/tls.key' };
  await expect(withServer(async () => undefined, {}, { tls })).rejects.toThrow('/nowhere/tls.');
});
