// Asks the registry about what is installed: `npm run audit`. Not part of the tests: the answer changes without a commit,
// and a registry may not answer. Exit codes: 0 nothing found, 1 something found, 2 not answered (and nothing found).
import { execFile } from 'node:child_process';

/** Registries that cannot be reached are tried for minutes by default. */
const TIMEOUT_MS = 120_000;
const FOUND = 1;
const NOT_ANSWERED = 2;

const checks = [
  {
    // All packages: those for development run where Spillway is built.
    what: 'signatures',
    args: ['audit', 'signatures'],
    findings: ({ invalid, missing }) =>
      invalid && [
        ...invalid.map(
          ({ name, version }) => `${name} ${version}: its signature or attestation is not valid`,
        ),
        ...missing.map(({ name, version }) => `${name} ${version}: has no signature`),
      ],
  },
  {
    // What is shipped, from moderate on: nobody reads a check that always finds something.
    what: 'advisories',
    args: ['audit', '--omit=dev'],
    findings: ({ vulnerabilities }) =>
      vulnerabilities &&
      Object.values(vulnerabilities)
        .filter(({ severity }) => severity !== 'info' && severity !== 'low')
        .map(({ name, range, severity, via }) => {
          const titles = via.map((cause) =>
            typeof cause === 'string' ? `through ${cause}` : `${cause.title} ${cause.url}`,
          );
          return `${name} ${range}: ${severity}: ${titles.join('; ')}`;
        }),
  },
];

const codes = [];
for (const { what, args, findings } of checks) {
  const { report, failure } = await npm(args);
  const found = findings(report);
  if (found === undefined) {
    console.error(
      `${what}: the registry did not answer: ${report.error?.summary || report.message || failure}`,
    );
    codes.push(NOT_ANSWERED);
  } else {
    for (const line of found) console.error(`${what}: ${line}`);
    if (found.length === 0) console.log(`${what}: nothing found`);
    else codes.push(FOUND);
  }
}
process.exitCode = codes.length === 0 ? 0 : Math.min(...codes);

/** npm ends with 1 whether it found something or was not answered: only its report tells. */
function npm(args) {
  return new Promise((resolve) => {
    const options = { timeout: TIMEOUT_MS, maxBuffer: 1e8 };
    execFile('npm', [...args, '--json', '--fetch-retries=1'], options, (error, stdout) => {
      const failure = error?.killed
        ? `nothing came for ${TIMEOUT_MS / 1000} s`
        : 'npm said nothing that can be read';
      try {
        resolve({ report: JSON.parse(stdout), failure });
      } catch {
        resolve({ report: {}, failure });
      }
    });
  });
}
