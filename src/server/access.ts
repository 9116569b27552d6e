import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';

/**
 * Who may ask for an endpoint.
 *
 * - `open`: everybody.
 * - `scheduler`: who has a client certificate that is accepted, if such are asked for; else everybody.
 * - `operator`: who comes by loopback, as `kubectl port-forward` does, or has such a certificate.
 */
export type Access = 'open' | 'scheduler' | 'operator';

/** Which client certificates are accepted, besides that their CA must have signed them. */
export interface ClientRule {
  /** Common names, or DNS names among the alternative ones. Undefined: any. */
  readonly names?: readonly string[] | undefined;
}

/** Why a connection may not have what it asks for; undefined: it may. */
export type Refusal = (access: Access, socket: Socket) => string | undefined;

const HOW_AN_OPERATOR_COMES =
  'only by loopback, as kubectl port-forward comes, or with a client certificate of server.tls.clientCaFile';

/** @param rule undefined: no client certificates are asked for */
export function createRefusal(rule: ClientRule | undefined): Refusal {
  /** A certificate is looked at once: it is that of the handshake for as long as the connection lives. */
  const known = new WeakMap<Socket, string | undefined>();
  const certificateProblem = (socket: Socket): string | undefined => {
    if (known.has(socket)) return known.get(socket);
    const problem = rule && problemOf(socket, rule);
    known.set(socket, problem);
    return problem;
  };
  return (access, socket) => {
    if (access === 'open') return undefined;
    if (access === 'scheduler') return rule && certificateProblem(socket);
    if (isLoopback(socket.remoteAddress)) return undefined;
    const accepted = rule !== undefined && certificateProblem(socket) === undefined;
    return accepted ? undefined : HOW_AN_OPERATOR_COMES;
  };
}

function problemOf(socket: Socket, { names }: ClientRule): string | undefined {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  if (!(socket instanceof TLSSocket) || certificate === undefined) {
    return 'client certificate: found none, allowed one of server.tls.clientCaFile';
  }
  if (!socket.authorized) {
    return `client certificate: found ${String(socket.authorizationError)}, allowed one of server.tls.clientCaFile`;
  }
  if (names === undefined) return undefined;
  const commonNames = [socket.getPeerCertificate().subject.CN].flat();
  const matches = (name: string) =>
    commonNames.includes(name) ||
    certificate.checkHost(name, { subject: 'never', wildcards: false }) !== undefined;
  if (names.some(matches)) return undefined;
  const found = JSON.stringify(String(commonNames[0] ?? '').slice(0, 100));
  return `client certificate: found ${found}, allowed server.tls.clientNames`;
}

/** @param address of a peer; IPv4 may come as IPv6 */
export function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/i.test(address);
}
