import { describe, expect, it } from 'vitest';
import { folderOf, runScript } from './programs.ts';

interface Answer {
  readonly out: unknown;
  readonly status: number;
}

const SIGNED: Answer = { out: { invalid: [], missing: [] }, status: 0 };
const CLEAN: Answer = { out: { auditReportVersion: 2, vulnerabilities: {} }, status: 0 };

/** As npm prints them where the registry has no such endpoint, or cannot be reached. */
const REFUSED: Answer = {
  out: { message: '405 Method Not Allowed', statusCode: 405, error: { summary: '', detail: '' } },
  status: 1,
};
const UNREACHED: Answer = { out: { error: { code: 'ENOTFOUND', summary: 'no such host' } }, status: 1 };

function advisory(severity: string): Answer {
  const via = [{ title: 'Prototype pollution', url: 'https://example.com/a' }, 'y'];
  const x = { name: 'x', severity, range: '<2', via };
  return { out: { auditReportVersion: 2, vulnerabilities: { x } }, status: 1 };
}

function audit(signatures: Answer, advisories: Answer) {
  const npm = `
    const { out, status } = process.argv[3] === 'signatures' ? ${JSON.stringify(signatures)} : ${JSON.stringify(advisories)};
    console.log(typeof out === 'string' ? out : JSON.stringify(out));
    process.exitCode = status;`;
  return runScript('audit.mjs', folderOf({}), { npm });
}

describe('the audit', () => {
  it('ends with 0 where nothing was found', () => {
    const out = 'signatures: nothing found\nadvisories: nothing found\n';
    expect(audit(SIGNED, CLEAN)).toEqual({ status: 0, out, err: '' });
  });

  it.each([
    {
      what: 'an advisory',
      answers: [SIGNED, advisory('moderate')],
      says: 'advisories: x <2: moderate: Prototype pollution https://example.com/a; through y\n',
    },
    {
      what: 'a signature that is not valid',
      answers: [{ out: { invalid: [{ name: 'x', version: '1.2.3' }], missing: [] }, status: 1 }, CLEAN],
      says: 'signatures: x 1.2.3: its signature or attestation is not valid\n',
    },
    {
      what: 'a signature that is missing',
      answers: [{ out: { invalid: [], missing: [{ name: 'x', version: '1.2.3' }] }, status: 1 }, CLEAN],
      says: 'signatures: x 1.2.3: has no signature\n',
    },
  ] as const)('ends with 1 and names $what', ({ answers: [signatures, advisories], says }) => {
    expect(audit(signatures, advisories)).toMatchObject({ status: 1, err: says });
  });

  it.each(['info', 'low'])('lets an advisory pass that is %s', (severity) => {
    expect(audit(SIGNED, advisory(severity))).toMatchObject({ status: 0, err: '' });
  });

  it.each([
    { what: 'has no such endpoint', answer: REFUSED, says: '405 Method Not Allowed' },
    { what: 'is not reached', answer: UNREACHED, says: 'no such host' },
    { what: 'sends a page', answer: { out: '<html>', status: 1 }, says: 'npm said nothing that can be read' },
    {
      what: 'says something else',
      answer: { out: {}, status: 0 },
      says: 'npm said nothing that can be read',
    },
  ])('ends with 2 where the registry $what: that is no clean bill', ({ answer, says }) => {
    expect(audit(answer, CLEAN)).toMatchObject({
      status: 2,
      err: `signatures: the registry did not answer: ${says}\n`,
    });
    expect(audit(SIGNED, answer)).toMatchObject({
      status: 2,
      err: `advisories: the registry did not answer: ${says}\n`,
    });
  });

  it('ends with 1 where one found something and the other was not answered', () => {
    expect(audit(UNREACHED, advisory('critical')).status).toBe(1);
  });
});
