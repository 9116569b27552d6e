import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import type { TlsFiles } from './parts.ts';

/** What the TLS files hold, PEM. */
export interface TlsMaterial {
  readonly cert: string;
  readonly key: string;
  /** Of the clients. */
  readonly ca?: string | undefined;
}

interface Expiries {
  readonly serverMs: number;
  /** Of the certificate of the clients' CA that ends first among those that are valid. */
  readonly clientCaMs?: number | undefined;
}

export type Checked =
  | { readonly ok: true; readonly expiries: Expiries }
  | { readonly ok: false; readonly problem: string };

export async function readTlsFiles({ certFile, keyFile, clientCaFile }: TlsFiles): Promise<TlsMaterial> {
  const read = (file: string) => readFile(file, 'utf8');
  const [cert, key, ca] = await Promise.all([
    read(certFile),
    read(keyFile),
    clientCaFile === undefined ? undefined : read(clientCaFile),
  ]);
  return { cert, key, ca };
}

/**
 * Whether it can be used. OpenSSL alone would take an empty file, or a chain that ends in the middle, and let every
 * handshake fail later.
 */
export function checkTls({ cert, key, ca }: TlsMaterial, files: TlsFiles, nowMs: number): Checked {
  try {
    const [server] = certificatesOf(cert, files.certFile);
    const expiresAtMs = checkValidity(server, files.certFile, nowMs);
    if (!server.checkPrivateKey(privateKeyOf(key, files.keyFile))) {
      return {
        ok: false,
        problem: `${files.keyFile}: is not the key of the certificate in ${files.certFile}`,
      };
    }
    const clientCaMs =
      ca === undefined ? undefined : validUntilMs(ca, files.clientCaFile ?? 'clientCaFile', nowMs);
    createSecureContext({ cert, key, ca });
    return { ok: true, expiries: { serverMs: expiresAtMs, clientCaMs } };
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) };
  }
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

function certificatesOf(pem: string, file: string): readonly [X509Certificate, ...X509Certificate[]] {
  const [first, ...others] = pem.match(CERTIFICATE) ?? [];
  if (first === undefined) throw new Error(`${file}: found no certificate, allowed PEM`);
  if (/^-/m.test(pem.replace(CERTIFICATE, ''))) {
    throw new Error(`${file}: found a certificate that is not whole, allowed PEM`);
  }
  const read = (each: string, index: number) => {
    try {
      return new X509Certificate(each);
    } catch (error) {
      throw new Error(`${file}: certificate ${index + 1} cannot be read: ${String(error)}`);
    }
  };
  return [read(first, 0), ...others.map((each, index) => read(each, index + 1))];
}

function privateKeyOf(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (error) {
    throw new Error(`${file}: cannot be read as a private key: ${String(error)}`);
  }
}

/** @returns when it ends */
function checkValidity({ validFrom, validTo }: X509Certificate, file: string, nowMs: number): number {
  if (Date.parse(validFrom) > nowMs) throw new Error(`${file}: is not valid before ${validFrom}`);
  if (Date.parse(validTo) <= nowMs) throw new Error(`${file}: expired on ${validTo}`);
  return Date.parse(validTo);
}

/** A bundle may still hold the certificate that another one of it replaces. */
function validUntilMs(pem: string, file: string, nowMs: number): number {
  const all = certificatesOf(pem, file);
  const valid = all.filter(
    ({ validFrom, validTo }) => Date.parse(validFrom) <= nowMs && nowMs < Date.parse(validTo),
  );
  if (valid.length === 0) return checkValidity(all[0], file, nowMs);
  return Math.min(...valid.map(({ validTo }) => Date.parse(validTo)));
}
