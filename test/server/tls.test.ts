import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TlsFiles } from '../../src/server/parts.ts';
import { TlsReloader } from '../../src/server/tls.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createAuthority, selfSignedPair } from '../fake/certificate.ts';
import { withServer } from './harness.ts';

const HOUR_MS = 3_600_000;
const first = selfSignedPair('first');
const second = selfSignedPair('second');
const authority = createAuthority('clients');
const next = createAuthority('next clients');
const expired = selfSignedPair('expired', { untilMs: -HOUR_MS });
const early = selfSignedPair('early', { fromMs: HOUR_MS });
const half = (pem: string) => pem.slice(0, pem.length / 2);

const NOT_USABLE = 'TLS files not usable, the old ones stay in use';
const TAKEN = 'TLS files taken into use';

describe('TLS files that change', () => {
  let folder = '';
  let server: Server;
  let reloader: TlsReloader;
  let logged: string[] = [];
  let metrics = createMetrics();

  const write = (name: string, text: string) => writeFile(join(folder, name), text);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spillway-tls-'));
    await write('tls.crt', first.cert);
    await write('tls.key', first.key);
    await write('ca.crt', authority.cert);
    const files: TlsFiles = {
      certFile: join(folder, 'tls.crt'),
      keyFile: join(folder, 'tls.key'),
      clientCaFile: join(folder, 'ca.crt'),
    };
    logged = [];
    metrics = createMetrics();
    const log = (_level: string, message: string, { problem = '' }: Readonly<Record<string, unknown>>) =>
      void logged.push(
        problem === '' ? message : `${message}: ${String(problem).replaceAll(`${folder}/`, '')}`,
      );
    reloader = new TlsReloader(files, { log, ...metrics.server });
    const requestCert = { requestCert: true, rejectUnauthorized: false };
    server = createServer({ ...(await reloader.load()), ...requestCert });
    reloader.supply(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    reloader.stop();
    server.close();
    await rm(folder, { recursive: true });
  });

  /** @param until keeps the connection open for so long */
  async function servedName(
    client: { cert?: string; key?: string } = {},
    until: Promise<unknown> = Promise.resolve(),
  ): Promise<string | undefined> {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false, ...client });
    try {
      await new Promise((resolve, reject) => socket.once('secureConnect', resolve).once('error', reject));
      await until;
      return String(socket.getPeerCertificate().subject.CN);
    } finally {
      socket.destroy();
    }
  }

  async function metric(name: string): Promise<number> {
    const line = (await metrics.text()).split('\n').find((text) => text.startsWith(name)) ?? '';
    return Number(line.slice(line.lastIndexOf(' ') + 1));
  }

  it('are taken into use for new connections', async () => {
    await write('tls.crt', second.cert);
    await write('tls.key', second.key);
    await reloader.look();
    expect(await servedName()).toBe('second');
    expect(logged).toEqual([TAKEN]);
  });

  it.each([
    ['an empty certificate', { 'tls.crt': '' }, 'tls.crt: found no certificate, allowed PEM'],
    ['half a certificate', { 'tls.crt': half(second.cert) }, 'tls.crt: found no certificate, allowed PEM'],
    [
      'a chain that ends in the middle',
      { 'tls.crt': first.cert + half(second.cert) },
      'tls.crt: found a certificate that is not whole, allowed PEM',
    ],
    [
      'a certificate of garbage',
      { 'tls.crt': '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' },
      'tls.crt: certificate 1 cannot be read',
    ],
    ['an empty key', { 'tls.key': '' }, 'tls.key: cannot be read as a private key'],
    ['half a key', { 'tls.key': half(second.key) }, 'tls.key: cannot be read as a private key'],
    ['one file of two', { 'tls.crt': second.cert }, 'tls.key: is not the key of the certificate in tls.crt'],
    ['an expired one', { 'tls.crt': expired.cert, 'tls.key': expired.key }, 'tls.crt: expired on'],
    ['one of tomorrow', { 'tls.crt': early.cert, 'tls.key': early.key }, 'tls.crt: is not valid before'],
    ['an empty CA', { 'ca.crt': '' }, 'ca.crt: found no certificate, allowed PEM'],
    ['an expired CA', { 'ca.crt': expired.cert }, 'ca.crt: expired on'],
  ] as const)('stay out of use: %s, said and counted once', async (_what, changed, problem) => {
    for (const [name, text] of Object.entries(changed)) await write(name, text);
    for (let times = 0; times < 3; times += 1) await reloader.look();
    expect(await servedName(), 'handshakes go on').toBe('first');
    expect(logged).toEqual([expect.stringContaining(`${NOT_USABLE}: ${problem}`)]);
    expect(await metric('spillway_tls_reload_errors_total')).toBe(1);
    await write('tls.crt', second.cert);
    await write('tls.key', second.key);
    await write('ca.crt', authority.cert);
    await reloader.look();
    expect(await servedName()).toBe('second');
    expect(logged.at(-1)).toBe(TAKEN);
  });

  it('that are gone are said once, and leave the old ones in use', async () => {
    await rm(join(folder, 'tls.crt'));
    for (let times = 0; times < 3; times += 1) await reloader.look();
    expect(await servedName()).toBe('first');
    expect(logged).toEqual([expect.stringContaining('ENOENT')]);
  });

  it("bring a renewed CA of the clients, beside the old one's certificates that have ended", async () => {
    const client = next.issue('kube-scheduler');
    const isAuthorized = async () => {
      const connected = once(server, 'secureConnection');
      await servedName(client, connected);
      const [socket] = await connected;
      return socket.authorized;
    };
    expect(await isAuthorized()).toBe(false);
    await write('ca.crt', `${createAuthority('old', { untilMs: -HOUR_MS }).cert}${next.cert}`);
    await reloader.look();
    expect(await isAuthorized()).toBe(true);
  });

  it('tell when what is in use ends', async () => {
    const series = (certificate: string) =>
      `spillway_tls_certificate_expiry_timestamp_seconds{certificate="${certificate}"}`;
    const inADayS = Date.now() / 1000 + 86_400;
    expect(Math.abs((await metric(series('server'))) - inADayS)).toBeLessThan(600);
    expect(Math.abs((await metric(series('client-ca'))) - inADayS)).toBeLessThan(600);
    const longer = selfSignedPair('longer', { untilMs: 48 * HOUR_MS });
    await write('tls.crt', longer.cert);
    await write('tls.key', longer.key);
    await reloader.look();
    expect(Math.abs((await metric(series('server'))) - inADayS - 86_400)).toBeLessThan(600);
  });

  it('are looked for by themselves', async () => {
    reloader.start(10);
    await write('tls.crt', second.cert);
    await write('tls.key', second.key);
    while ((await servedName()) !== 'second') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(logged.at(-1)).toBe(TAKEN);
  });
});

describe('a start', () => {
  it('without its certificate is refused, and the file is named', async () => {
    const tls = { certFile: '/nowhere/tls.crt', keyFile: '/nowhere/tls.key' };
    await expect(withServer(async () => undefined, {}, { tls })).rejects.toThrow('/nowhere/tls.');
  });

  it('with an expired certificate is refused, and says so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'spillway-tls-'));
    const tls = { certFile: join(folder, 'tls.crt'), keyFile: join(folder, 'tls.key') };
    await writeFile(tls.certFile, expired.cert);
    await writeFile(tls.keyFile, expired.key);
    await expect(withServer(async () => undefined, {}, { tls })).rejects.toThrow('tls.crt: expired on');
    await rm(folder, { recursive: true });
  });
});
