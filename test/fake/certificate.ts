import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export interface Pair {
  /** PEM, as the key. */
  readonly cert: string;
  readonly key: string;
}

export interface Issued {
  readonly dnsNames?: readonly string[];
  /** From now; default: since yesterday. */
  readonly fromMs?: number;
  /** From now; default: until tomorrow. */
  readonly untilMs?: number;
}

export interface Authority {
  readonly cert: string;
  /** A certificate for 127.0.0.1, localhost and the names given. */
  readonly issue: (commonName: string, how?: Issued) => Pair;
}

const DAY_MS = 86_400_000;

/** A key and a certificate that it signed itself, for 127.0.0.1 and localhost; no key lies in the repository. */
export function selfSignedPair(commonName: string, how: Issued = {}): Pair {
  const keys = newKeys();
  const extensions = [alternativeNames(how)];
  return pair(keys, { subject: commonName, issuer: commonName, signer: keys.privateKey, extensions }, how);
}

/** Issues certificates to servers and clients. */
export function createAuthority(commonName: string, how: Issued = {}): Authority {
  const keys = newKeys();
  const signed = { issuer: commonName, signer: keys.privateKey };
  const own = pair(keys, { subject: commonName, ...signed, extensions: [IS_AUTHORITY] }, how);
  return {
    cert: own.cert,
    issue: (subject, issued = {}) =>
      pair(newKeys(), { subject, ...signed, extensions: [alternativeNames(issued)] }, issued),
  };
}

interface Keys {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

interface Signed {
  readonly subject: string;
  readonly issuer: string;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
}

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function pair({ privateKey, publicKey }: Keys, signed: Signed, { fromMs, untilMs }: Issued): Pair {
  const serial = Buffer.concat([Buffer.from([1]), randomBytes(8)]);
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    sequence(OID_ECDSA_SHA256),
    nameOf(signed.issuer),
    sequence(utcTime(fromMs ?? -DAY_MS), utcTime(untilMs ?? DAY_MS)),
    nameOf(signed.subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, sequence(...signed.extensions)),
  );
  const signature = Buffer.concat([Buffer.from([0]), sign('sha256', toBeSigned, signed.signer)]);
  const certificate = sequence(toBeSigned, sequence(OID_ECDSA_SHA256), der(0x03, signature));
  const base64 = (certificate.toString('base64').match(/.{1,64}/g) ?? []).join('\n');
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

const OID_ECDSA_SHA256 = der(0x06, Buffer.from('2a8648ce3d040302', 'hex'));
const OID_COMMON_NAME = der(0x06, Buffer.from('550403', 'hex'));
const OID_ALT_NAMES = der(0x06, Buffer.from('551d11', 'hex'));
const OID_BASIC_CONSTRAINTS = der(0x06, Buffer.from('551d13', 'hex'));
const TRUE = der(0x01, Buffer.from([0xff]));
const IS_AUTHORITY = sequence(OID_BASIC_CONSTRAINTS, TRUE, der(0x04, sequence(TRUE)));

function nameOf(commonName: string): Buffer {
  return sequence(der(0x31, sequence(OID_COMMON_NAME, der(0x0c, Buffer.from(commonName)))));
}

function alternativeNames({ dnsNames = [] }: Issued): Buffer {
  const names = ['localhost', ...dnsNames].map((name) => der(0x82, Buffer.from(name)));
  return sequence(OID_ALT_NAMES, der(0x04, sequence(...names, der(0x87, Buffer.from([127, 0, 0, 1])))));
}

/** X.509 is ASN.1 in DER: a tag, a length, a value. */
function der(tag: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(value.length)]), value]);
}

function lengthOctets(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function utcTime(fromNowMs: number): Buffer {
  const text = new Date(Date.now() + fromNowMs).toISOString().replace(/[-:T]/g, '').slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
}
