import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LogOutput } from '../../src/telemetry/log-output.ts';

/** A pipe: takes so many bytes until it is read, and throws then as a non-blocking one does. */
function pipeOf(capacity: number) {
  const pipe = {
    capacity,
    held: 0,
    out: '',
    write(bytes: Buffer): number {
      const room = Math.min(pipe.capacity - pipe.held, bytes.length);
      if (room === 0) throw Object.assign(new Error('full'), { code: 'EAGAIN' });
      pipe.held += room;
      pipe.out += bytes.subarray(0, room).toString('latin1');
      return room;
    },
    read: (bytes: number) => (pipe.held = Math.max(0, pipe.held - bytes)),
  };
  return pipe;
}

function outputTo(pipe: { readonly write: (bytes: Buffer) => number }, maxBytes = 1000): LogOutput {
  return new LogOutput({ write: pipe.write, maxBytes, notice: (dropped) => `dropped ${dropped}\n` });
}

const linesOf = (text: string) => text.split('\n').slice(0, -1);
const line = (number: number, length = 100) => `${String(number).padEnd(length - 1, '.')}\n`;
const numbersOf = (text: string) =>
  linesOf(text).map((found) => (found.startsWith('dropped') ? found : Number.parseInt(found, 10)));

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 1));
}

describe('the output of the log', () => {
  it('writes nothing before the turn is over, then all of it', async () => {
    const pipe = pipeOf(10_000);
    const output = outputTo(pipe);
    output.write(line(1));
    output.write(line(2));
    expect(pipe.out).toBe('');
    await until(() => pipe.out !== '');
    expect(numbersOf(pipe.out)).toEqual([1, 2]);
  });

  it('keeps what was not taken, and goes on by itself once there is a reader', async () => {
    const pipe = pipeOf(150);
    const output = outputTo(pipe);
    for (const number of [1, 2, 3]) output.write(line(number));
    await until(() => pipe.held === 150);
    pipe.capacity = 10_000;
    await until(() => pipe.out.length === 300);
    expect([numbersOf(pipe.out), output.droppedLines]).toEqual([[1, 2, 3], 0]);
  });

  it('drops the newest beyond its bound, counts them, and says so where they are missing', async () => {
    const pipe = pipeOf(0);
    const output = outputTo(pipe);
    for (let number = 1; number <= 25; number += 1) output.write(line(number));
    expect(output.droppedLines).toBe(15);
    pipe.capacity = 10_000;
    await output.end(1000);
    output.write(line(26));
    await output.end(1000);
    const kept = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
    expect(numbersOf(pipe.out)).toEqual([...kept, 'dropped 15', 26]);
    expect(output.droppedLines).toBe(15);
  });

  it('says once what a slow reader misses until half of the buffer is free again', async () => {
    const pipe = pipeOf(200);
    const output = outputTo(pipe);
    for (let number = 1; number <= 11; number += 1) output.write(line(number));
    await until(() => pipe.held === 200);
    output.write(line(12));
    pipe.read(200);
    await until(() => pipe.held === 200);
    output.write(line(13));
    expect(output.droppedLines).toBe(3);
    pipe.capacity = 10_000;
    await until(() => pipe.out.includes('dropped'));
    expect(numbersOf(pipe.out)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 'dropped 3']);
  });

  it('drops a line that is longer than the bound, and only that', async () => {
    const pipe = pipeOf(10_000);
    const output = outputTo(pipe);
    for (const length of [100, 1001, 99]) output.write(line(length, length));
    await output.end(1000);
    expect(numbersOf(pipe.out)).toEqual([100, 'dropped 1', 99]);
  });

  it.each([
    { code: 'EAGAIN', what: 'a pipe that is full' },
    { code: 'EPIPE', what: 'a reader that is gone' },
    { code: 'ENOSPC', what: 'a disk that is full' },
  ])('throws nothing for $what ($code), and writes when that is over', async ({ code }) => {
    const pipe = pipeOf(10_000);
    let broken = true;
    const write = (bytes: Buffer) => {
      if (broken) throw Object.assign(new Error(code), { code });
      return pipe.write(bytes);
    };
    const output = outputTo({ write });
    output.write(line(1));
    await output.end(0);
    broken = false;
    await until(() => pipe.out !== '');
    expect(numbersOf(pipe.out)).toEqual([1]);
  });

  it('gives a pipe no more at once than it takes whole: what is in it ends with a line', async () => {
    const sizes: number[] = [];
    const write = (bytes: Buffer) => {
      expect(bytes.at(-1)).toBe(10);
      sizes.push(bytes.length);
      return bytes.length;
    };
    const output = outputTo({ write }, 100_000);
    for (let number = 0; number < 200; number += 1) output.write(line(number, 333));
    await output.end(1000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(4096);
    expect(sizes.length).toBeLessThan(20);
  });
});

describe('the end of the output', () => {
  it.each<[string, (output: LogOutput) => unknown]>([
    ['with turns', (output) => output.end(60)],
    ['without', (output) => output.endBlocking(60)],
  ])('%s: waits no longer than it may', async (_name, end) => {
    const output = outputTo(pipeOf(50));
    output.write(line(1));
    const beganMs = performance.now();
    await end(output);
    expect(performance.now() - beganMs).toBeGreaterThanOrEqual(60);
    expect(performance.now() - beganMs).toBeLessThan(1000);
  });

  it.each<[string, (output: LogOutput) => unknown]>([
    ['with turns', (output) => output.end(60_000)],
    ['without', (output) => output.endBlocking(60_000)],
  ])('%s: does not wait where all is written', async (_name, end) => {
    const pipe = pipeOf(1000);
    const output = outputTo(pipe);
    output.write(line(1));
    await end(output);
    expect(numbersOf(pipe.out)).toEqual([1]);
  });
});

describe('any reader', () => {
  const step = fc.oneof(
    fc.record({ write: fc.integer({ min: 1, max: 6000 }) }),
    fc.record({ read: fc.integer({ min: 1, max: 3000 }) }),
  );

  it('gets whole lines in order, and is told how many are missing between two of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const pipe = pipeOf(500);
        const output = outputTo(pipe, 10_000);
        let number = 0;
        for (const one of steps) {
          if ('write' in one) {
            number += 1;
            output.write(line(number, Math.max(one.write, 10)));
          } else {
            pipe.read(one.read);
            await output.end(0);
          }
        }
        pipe.capacity = Number.MAX_SAFE_INTEGER;
        await output.end(1000);
        let next = 1;
        for (const found of numbersOf(pipe.out)) {
          if (typeof found === 'string') next += Number(found.slice('dropped '.length));
          else expect(found).toBe(next++);
        }
        expect([pipe.out.endsWith('\n') || pipe.out === '', next]).toEqual([true, number + 1]);
      }),
    );
  });

  it('that reads nothing costs no more than the bound', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 10, max: 3000 }), { maxLength: 200 }), (lengths) => {
        const pipe = pipeOf(0);
        const output = outputTo(pipe, 5000);
        for (const [number, length] of lengths.entries()) output.write(line(number, length));
        pipe.capacity = Number.MAX_SAFE_INTEGER;
        output.endBlocking(0);
        const kept = linesOf(pipe.out).filter((found) => !found.startsWith('dropped'));
        expect(kept.length + output.droppedLines).toBe(lengths.length);
        expect(kept.reduce((sum, found) => sum + found.length + 1, 0)).toBeLessThanOrEqual(5000);
      }),
    );
  });
});
