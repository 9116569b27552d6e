import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { importK6 } from '../../src/commands/import-k6.ts';
import type { ImportK6Options } from '../../src/commands/import-options.ts';
import { simulate } from '../../src/simulator/simulate.ts';
import { temporaryFolder } from '../fake/kubeconfig.ts';
import { k6Lines, pointLine, ramp } from '../recorder/k6-lines.ts';
import { scaleEvent, traceDocument, traceOf, WORKLOAD } from '../simulator/traces.ts';

const LINES = k6Lines({
  users: [...ramp(1, 10, 30), ...ramp(10, 10, 31)],
  responseMs: 50,
  requestsPerSecond: 3,
});

interface Given {
  readonly lines?: readonly string[] | Buffer;
  readonly json?: string;
  readonly trace?: unknown;
  readonly options?: Partial<ImportK6Options>;
}

async function run({ lines = LINES, json = 'k6.json', trace = traceDocument(), options = {} }: Given) {
  const folder = temporaryFolder();
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [base, load, output] = ['base.json', json, 'trace.json'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  writeFileSync(base, typeof trace === 'string' ? trace : JSON.stringify(trace));
  writeFileSync(load, Buffer.isBuffer(lines) ? lines : `${lines.join('\n')}\n`);
  let err = '';
  const code = await importK6(
    { json: load, trace: base, deployment: WORKLOAD, offset: 0, as: 'users', output, ...options },
    { out: () => undefined, err: (text) => (err += text) },
  );
  return {
    code,
    err: err.replaceAll(`${folder}/`, ''),
    document: () => JSON.parse(readFileSync(output, 'utf8')),
  };
}

describe('spillway import k6', () => {
  it('puts the users of the test in place of the recorded CPU, of which it makes what a request costs', async () => {
    const { code, document } = await run({});
    expect(code).toBe(0);
    const trace = await traceOf(document());
    expect(trace.load).toMatchObject([{ type: 'virtualUsers', deployment: WORKLOAD, startUsers: 1 }]);
    // 100m for 60.5 s, and 183 requests.
    expect(document().load[0].request.cpuTime).toBe('33060us');
    expect(simulate(trace).workloads[0]?.summary?.succeeded).toBeGreaterThan(100);
  });

  it.each([
    { what: 'packed', given: { lines: gzipSync(LINES.join('\n')), json: 'k6.json.gz' } },
    { what: 'without an end of the last line', given: { lines: Buffer.from(LINES.join('\n')) } },
    { what: 'of a trace in YAML', given: { trace: stringify(traceDocument()) } },
    { what: 'as arrivals', given: { options: { as: 'arrivals' } } },
  ] as const)('$what', async ({ given }) => {
    const { code, document } = await run(given);
    expect(code).toBe(0);
    expect((await traceOf(document())).load).toHaveLength(1);
  });

  it('leaves the rest of the trace as it was', async () => {
    const trace = traceDocument({
      load: [
        { type: 'recordedCpu', deployment: WORKLOAD, points: [{ at: '0s', cpu: '100m' }] },
        { type: 'recordedCpu', node: 'edge-1', points: [{ at: '0s', cpu: '50m' }] },
      ],
    });
    const { load: before, ...rest } = trace;
    const { document } = await run({ trace });
    const { load, ...after } = document();
    expect(after).toEqual(rest);
    expect(load[0]).toEqual((before as unknown[])[1]);
  });

  it('makes the trace as long as the test, and says so', async () => {
    const { err, document } = await run({ options: { offset: 100_000 } });
    expect(document().duration).toBe('160.5s');
    expect(err).toContain('note: The trace is longer now: the test ends at 160.5s.');
  });

  it('says that events still scale the Deployment', async () => {
    const { err } = await run({ trace: traceDocument({ events: [scaleEvent('10s', 2)] }) });
    expect(err).toContain(`note: Events still scale ${WORKLOAD}`);
  });
});

describe('what is not valid: 2', () => {
  const without = traceDocument({ load: [] });
  it.each([
    {
      what: 'a line',
      given: { lines: [...LINES.slice(0, 10), 'oops'] },
      problem: 'k6.json line 11: found "oops", allowed: a JSON object, as k6 writes one a line',
    },
    {
      what: 'a value',
      given: { lines: [...LINES.slice(0, 4), pointLine('vus', 0, 'x')] },
      problem: 'k6.json line 5: data.value: found "x", allowed: a number of 0 or more',
    },
    {
      what: 'a file of something else',
      given: { lines: ['{}'] },
      problem: 'k6.json: found no points of vus, allowed: what k6 run --out json=FILE writes',
    },
    {
      what: 'no requests with the tag',
      given: { options: { tag: 'name=none' } },
      problem: 'k6.json: found no points of http_reqs with the tag name=none, allowed: one or more',
    },
    {
      what: 'a Deployment',
      given: { options: { deployment: 'fn/db' } },
      problem: '--deployment: found fn/db, allowed: one of base.json: fn/web',
    },
    {
      what: 'no CPU',
      given: { trace: without },
      problem:
        '--cpu-per-request: found nothing, allowed: a duration above 0, like 12ms; without it base.json needs a load of the type recordedCpu of fn/web',
    },
    {
      what: 'a trace',
      given: { trace: traceDocument({ seed: -1 }) },
      problem: 'base.json is not valid:\nseed: found -1, allowed: a whole number from 0 to 4294967295',
    },
    {
      what: 'a file that is no gzip',
      given: { json: 'k6.json.gz' },
      problem: 'k6.json.gz cannot be read: incorrect header check',
    },
    {
      what: 'a file that is not there',
      given: { options: { json: '/no/such.json' } },
      problem: "/no/such.json cannot be read: ENOENT: no such file or directory, open '/no/such.json'",
    },
    {
      what: 'a packed file that is not there',
      given: { options: { json: '/no/such.json.gz' } },
      problem: "/no/such.json.gz cannot be read: ENOENT: no such file or directory, open '/no/such.json.gz'",
    },
  ])('$what', async ({ given, problem }) => {
    expect(await run(given)).toMatchObject({ code: 2, err: `${problem}\n` });
  });

  it('with --cpu-per-request a trace needs no recorded CPU', async () => {
    const { code, document } = await run({ trace: without, options: { cpuPerRequest: 12 } });
    expect(code).toBe(0);
    expect(document().load[0].request).toEqual({
      cpuTime: '12000us',
      wait: expect.stringMatching(/^3[789](\.\d+)?ms$/),
    });
  });
});
