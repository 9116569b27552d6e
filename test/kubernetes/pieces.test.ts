import { describe, expect, it } from 'vitest';
import { createLineSplitter } from '../../src/kubernetes/json-splitter.ts';
import { piecesOf } from '../../src/kubernetes/pieces.ts';

const LINE = `${JSON.stringify({ text: 'x'.repeat(1000) })}\n`;

async function* bodyOf(...chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

describe('piecesOf', () => {
  it('lets others have their turn while one big chunk is worked on', async () => {
    let turns = 0;
    let isDone = false;
    const count = () => {
      turns += 1;
      if (!isDone) setImmediate(count);
    };
    setImmediate(count);
    let lines = 0;
    for await (const texts of piecesOf(bodyOf(Buffer.from(LINE.repeat(2000))), createLineSplitter())) {
      for (const text of texts) {
        lines += 1;
        for (let repeat = 0; repeat < 20; repeat += 1) JSON.parse(text);
      }
    }
    isDone = true;
    expect(lines).toBe(2000);
    expect(turns).toBeGreaterThan(5);
  });

  it('gives out a part as soon as it is complete', async () => {
    const pieces = piecesOf(bodyOf(Buffer.from('1\n2'), Buffer.from('2\n3\n')), createLineSplitter());
    const given: (readonly string[])[] = [];
    for await (const texts of pieces) given.push(texts);
    expect(given).toEqual([['1'], ['22', '3']]);
  });
});
