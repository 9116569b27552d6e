import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidingConfiguration, traceText } from '../../src/recorder/output.ts';

describe('the text of a trace', () => {
  it('has small things on one line, and ends with one', () => {
    const points = [
      { at: '0s', cpu: '100m' },
      { at: '15s', cpu: '{120m}' },
    ];
    expect(traceText({ kind: 'ScaleTrace', load: [{ type: 'recordedCpu', points }], expect: [] })).toBe(
      [
        '{',
        '  "kind": "ScaleTrace",',
        '  "load": [',
        '    {',
        '      "type": "recordedCpu",',
        '      "points": [',
        '        { "at": "0s", "cpu": "100m" },',
        '        {',
        '          "at": "15s",',
        '          "cpu": "{120m}"',
        '        }',
        '      ]',
        '    }',
        '  ],',
        '  "expect": []',
        '}',
        '',
      ].join('\n'),
    );
  });

  it('is the same document, whatever is in it', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
        expect(JSON.parse(traceText(document))).toEqual(JSON.parse(JSON.stringify(document)));
      }),
    );
  });
});

it('of a configuration only what decides becomes part of a trace', () => {
  const deciding = { tiers: {}, placement: { threshold: 0.7 }, load: {}, metrics: {}, reservations: {} };
  const others = {
    server: {},
    kubernetes: { kubeconfig: '/home/me' },
    logging: {},
    decisions: {},
    kind: 'x',
  };
  expect(decidingConfiguration({ ...others, ...deciding })).toEqual(deciding);
});
