import * as z from 'zod';
import { describe, duration, PATH, PATH_ALLOWED, section, text, wholeNumber } from '../reading/fields.ts';

const ADDRESS_ALLOWED = 'an IP address or host name';
const ADDRESS = /^[A-Za-z0-9.:_-]+$/;

const management = section(
  {
    bindAddress: text(ADDRESS_ALLOWED, ADDRESS, 'Address to listen on.'),
    port: wholeNumber(0, 65535, 'Its port; deploy/ has 8889. 0 takes any free one.'),
  },
  'A listener of its own for health, metrics, debug pages and status; server.port then answers the verbs alone. Set it where others may reach the port, and bind the verbs to 127.0.0.1. Absent: all on one port.',
);

const tls = section(
  {
    certFile: text(PATH_ALLOWED, PATH, 'The certificate, PEM, with its intermediates.'),
    keyFile: text(PATH_ALLOWED, PATH, "The certificate's private key, PEM."),
    clientCaFile: text(
      PATH_ALLOWED,
      PATH,
      "Certificates, PEM. With it the verbs answer only to clients that one of them has signed: the scheduler's tlsConfig has certFile and keyFile for it. Needs server.management, since probes and Prometheus bring no certificate.",
    ).optional(),
    clientNames: describe(
      z
        .array(text('a name', /^.+$/, 'A name.'), 'a list of names')
        .min(1, 'at least one name; leave the key out for any')
        .optional(),
      'The common names or DNS names that are accepted of those clients. Set it where the CA signs for others too. Needs clientCaFile.',
      'a list of names, at least one',
    ),
  },
  'Serve HTTPS with this certificate, on both listeners. The files are read again when they change. Absent: plain HTTP, fit for a scheduler in the same pod.',
);

export const server = section(
  {
    bindAddress: text(ADDRESS_ALLOWED, ADDRESS, 'Address to listen on.').prefault('0.0.0.0'),
    port: wholeNumber(
      0,
      65535,
      'Port for every endpoint, or with server.management for the verbs. 0 takes any free one, which the log then names.',
    ).prefault(8888),
    management: management.optional(),
    tls: tls.optional(),
    maxBodyBytes: wholeNumber(
      65_536,
      1_073_741_824,
      'A longer request body is refused with 413. Names of 5000 nodes are about 100 kB. A scheduler that sends whole nodes (nodeCacheCapable: false) needs about 13 kB for each.',
    ).prefault(4_194_304),
    maxBufferedBytes: wholeNumber(
      65_536,
      4_294_967_296,
      "Bodies and unfetched answers take so much memory at a time; beyond it the request that came first gives way, with 503. At least maxBodyBytes, and well below the container's memory.",
    ).prefault(67_108_864),
    maxConnections: wholeNumber(
      10,
      100_000,
      'Of each listener. Beyond it the connection that asked the longest ago is closed.',
    ).prefault(1000),
    requestTimeout: duration(
      '1s',
      '5m',
      "A request that has not come whole by then is given up with 408. Not below the scheduler's httpTimeout.",
    ).prefault('10s'),
    drainTimeout: duration(
      '0s',
      '10m',
      "How long SIGTERM waits for requests under way. Keep it below the pod's terminationGracePeriodSeconds.",
    ).prefault('10s'),
  },
  'The HTTP server.',
);

export const serverFields = server.shape;
