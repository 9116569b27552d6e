import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, inject, it } from 'vitest';
import { endWithReader } from '../../src/commands/end-with-reader.ts';
import { simulationsPath } from '../simulator/traces.ts';

it('a run whose reader has read enough ends as by SIGPIPE, and says nothing', async () => {
  const program = join(inject('bundle'), 'simulate.js');
  const args = [program, '--trace', simulationsPath('day.yaml'), '--output', 'json'];
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
