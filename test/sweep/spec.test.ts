import { describe, expect, it } from 'vitest';
import { readKey, setValue } from '../../src/sweep/keys.ts';
import { readAxis } from '../../src/sweep/spec.ts';

function valuesOf(text: string): readonly (string | number)[] | string {
  const read = readAxis(text);
  return read.ok ? read.axis.values : read.problem;
}

function keyOf(name: string) {
  const read = readKey(name);
  if (!read.ok) throw new Error(read.problem);
  return read.key;
}

describe('values', () => {
  it.each([
    { text: 'threshold=0.5..0.8:0.1', values: [0.5, 0.6, 0.7, 0.8] },
    { text: 'threshold=0.5..0.69:0.05', values: [0.5, 0.55, 0.6, 0.65] },
    { text: 'phase=0..14:7', values: [0, 7, 14] },
    { text: 'threshold=0.8..0.8:0.1', values: [0.8] },
    { text: 'resolution=10,15,1m30s', values: [10, 15, '1m30s'] },
    { text: 'policy=spillway,trimaran-lvrb', values: ['spillway', 'trimaran-lvrb'] },
    { text: 'metadata.name=a=b', values: ['a=b'] },
  ])('$text', ({ text, values }) => {
    expect(valuesOf(text)).toEqual(values);
  });

  it.each([
    { text: 'threshold', problem: 'is no key with values' },
    { text: '=1,2', problem: 'is no key with values' },
    { text: 'threshold=', problem: 'has no values' },
    { text: 'threshold=0.5,,0.6', problem: 'has no values' },
    { text: 'threshold=0.9..0.5:0.1', problem: 'has no values' },
    { text: 'threshold=0.5..0.9', problem: 'has no values' },
    { text: 'threshold=0.5..0.9:0', problem: 'has no values' },
    { text: 'seed=1..100000:1', problem: 'has no values' },
    { text: 'threshold=0.5,0.50', problem: 'names 0.5 twice' },
  ])('$text: $problem', ({ text, problem }) => {
    expect(valuesOf(text)).toContain(problem);
  });
});

describe('keys', () => {
  it.each([
    { key: 'treshold', problem: 'treshold is not known. threshold? Allowed: threshold, resume' },
    { key: 'configurtion.placement.threshold', problem: 'configuration? ' },
    { key: 'zzz', problem: 'zzz is not known. Allowed: ' },
    { key: 'kubelet..startUp', problem: 'is not known' },
  ])('$key is refused', ({ key, problem }) => {
    expect(valuesOf(`${key}=1`)).toContain(problem);
  });

  const document = {
    scheduler: { extender: 'none', cycle: '1ms' },
    load: [{ points: [{ cpu: 1 }, { cpu: 2 }] }],
  };
  const changed = (name: string, value: string | number) => {
    const set = setValue(document, keyOf(name), value);
    return set.ok ? set.document : set.problem;
  };

  it.each([
    { name: 'threshold', value: 0.7, part: { configuration: { placement: { threshold: 0.7 } } } },
    { name: 'lead', value: 20, part: { configuration: { load: { lead: '20s' } } } },
    { name: 'resolution', value: 15, part: { metricsServer: { resolution: '15s' } } },
    { name: 'resolution', value: '1m', part: { metricsServer: { resolution: '1m' } } },
    { name: 'seed', value: 7, part: { seed: 7 } },
    { name: 'kubelet.startUp', value: '2s', part: { kubelet: { startUp: '2s' } } },
    { name: 'load.0.points.1.cpu', value: 9, part: { load: [{ points: [{ cpu: 1 }, { cpu: 9 }] }] } },
    { name: 'scheduler.cycle', value: '2ms', part: { scheduler: { extender: 'none', cycle: '2ms' } } },
  ])('$name=$value', ({ name, value, part }) => {
    expect(changed(name, value)).toEqual({ ...document, ...part });
  });

  it('a policy takes the place of what the trace says of the extender', () => {
    expect(changed('policy', 'spillway')).toEqual({
      ...document,
      scheduler: { extender: undefined, cycle: '1ms', policy: 'spillway' },
    });
  });

  it.each(['load.1.points', 'load.x', 'load.0.points.0.cpu.milli'])('%s leads nowhere', (name) => {
    expect(changed(name, 1)).toBe(`${name} leads nowhere in this trace`);
  });

  it('leaves the document as it was', () => {
    const before = structuredClone(document);
    changed('load.0.points.1.cpu', 9);
    expect(document).toEqual(before);
  });
});
