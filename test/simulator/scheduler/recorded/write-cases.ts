import { randomCases } from './cases.ts';

/** One case a line, for main.go. */
const [seed = '1', count = '100'] = process.argv.slice(2);
for (const one of randomCases(Number(seed), Number(count))) process.stdout.write(`${JSON.stringify(one)}\n`);
