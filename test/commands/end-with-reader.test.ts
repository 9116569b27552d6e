import { spawn } from 'node:child_process';
import { PassThrough } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { endWithReader } from '../../src/commands/end-with-reader.ts';

const ENTRY = fileURLToPath(new URL('../../src/simulate.ts', import.meta.url));

it('a run whose reader has read enough ends as by SIGPIPE, and says nothing', async () => {
  const args = ['--import', 'tsx', ENTRY, '--trace', 'day.yaml', '--output', 'json'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const complaints: string[] = [];
  child.stderr.on('data', (chunk) => complaints.push(String(chunk)));
  child.stdout.once('data', () => child.stdout.destroy());
  const code = await new Promise((resolve) => child.once('exit', resolve));
  expect({ code, complaints: complaints.join('') }).toEqual({ code: 141, complaints: '' });
}, 30_000);

it('whatever else is wrong with the output is not hidden', () => {
  const stream = new PassThrough();
  const ended: number[] = [];
  endWithReader(stream, (code) => ended.push(code));
  const error = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
  expect(() => stream.emit('error', error)).toThrow('no space left');
  expect(ended).toEqual([]);
});
