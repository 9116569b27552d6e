import { describe, expect, it } from 'vitest';
import type { Config } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read.ts';
import { formatProblems } from '../../src/reading/problems.ts';

const HEAD = 'apiVersion: spillway.dev/v1alpha1\nkind: SpillwayConfiguration\n';

describe('the section server', () => {
  it.each<[string, string, (config: Config) => unknown, unknown]>([
    [
      'mutual TLS',
      'server: {management: {bindAddress: "::", port: 8889}, tls: {certFile: a, keyFile: b, clientCaFile: c, clientNames: [d]}}',
      ({ server }) => [server.tls, server.management],
      [
        { certFile: 'a', keyFile: 'b', clientCaFile: 'c', clientNames: ['d'] },
        { bindAddress: '::', port: 8889 },
      ],
    ],
  ])('takes %s', (_name, yaml, read, expected) => {
    const result = readConfig(HEAD + yaml);
    if (!result.ok) throw new Error(formatProblems(result.problems));
    expect(read(result.config)).toEqual(expected);
  });

  it.each<[string, string, string, readonly [found: string, allowed: string]]>([
    [
      'a client CA without a listener for those who have no certificate',
      'server: {tls: {certFile: a, keyFile: b, clientCaFile: c}}',
      'server.management',
      ['nothing', 'a section, as server.tls.clientCaFile is set'],
    ],
    [
      'names of clients without their CA',
      'server: {tls: {certFile: a, keyFile: b, clientNames: [c]}}',
      'server.tls.clientCaFile',
      ['nothing', 'the path of a file, as server.tls.clientNames is set'],
    ],
    [
      'half of an address',
      'server: {management: {port: 1}}',
      'server.management.bindAddress',
      ['nothing', 'an IP'],
    ],
  ])('names %s', (_name, yaml, path, [found, allowed]) => {
    const result = readConfig(HEAD + yaml);
    expect(result).toMatchObject({ ok: false, problems: [{ path, line: 3, found }] });
    expect(JSON.stringify(result)).toContain(allowed);
  });

  it.each<[string, string, string]>([
    [
      'server: {maxBodyBytes: 100000000}',
      'server.maxBodyBytes',
      'at most maxBufferedBytes, which is 67108864 by default',
    ],
    [
      'server: {maxBufferedBytes: 1000000}',
      'server.maxBufferedBytes',
      'at least maxBodyBytes, which is 4194304 by default',
    ],
  ])('%s is wrong at the field that was written', (yaml, path, allowed) => {
    expect(readConfig(HEAD + yaml)).toMatchObject({ ok: false, problems: [{ path, line: 3, allowed }] });
  });
});
