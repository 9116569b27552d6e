import { describe, expect, it } from 'vitest';
import { problem, readJson } from '../../src/extender/guard.ts';

describe('a body', () => {
  it.each([
    ['text', '{"a":1}'],
    ['bytes', Buffer.from('{"a":1}')],
    ['bytes within others', Buffer.from('xx{"a":1}xx').subarray(2, 9)],
  ])('may be %s', (_kind, body) => {
    expect(readJson(body)).toEqual({ ok: true, value: { a: 1 } });
  });

  it('keeps what is not ASCII', () => {
    expect(readJson(Buffer.from('{"a":"Zürich 山"}'))).toEqual({ ok: true, value: { a: 'Zürich 山' } });
  });
});

describe('what was found', () => {
  it.each([
    [undefined, 'nothing'],
    [null, 'null'],
    [7, '7'],
    [false, 'false'],
    ['short', '"short"'],
    ['x'.repeat(41), 'a text of 41 characters'],
    ['\u202ex', '"\\u202ex"'],
    [[1], 'a list'],
    [{ a: 1 }, 'an object'],
  ])('is named so that a log can hold it: %j', (found, text) => {
    expect(problem('path', found, 'other')).toEqual({
      ok: false,
      problem: { path: 'path', found: text, allowed: 'other' },
    });
  });
});
