import { describe, expect, it } from 'vitest';
import { eventTable } from '../../src/report/events.ts';
import { explainPod, textReport } from '../../src/report/text.ts';
import { formatTable } from '../../src/text/table.ts';
import { emptyResult } from '../outcome/results.ts';
import { deploymentDocument, nodeDocument, runOf, scaleEvent } from '../simulator/traces.ts';

describe('a table', () => {
  it('has columns as wide as their widest cell, and no trailing spaces', () => {
    const columns = [
      { title: 'n', align: 'right' },
      { title: 'name', align: 'left' },
      { title: 'x', align: 'left' },
    ] as const;
    expect(
      formatTable(columns, [
        ['1', 'a long name', 'x'],
        ['10', 'b'],
      ]),
    ).toEqual([' n  name         x', '──  ───────────  ─', ' 1  a long name  x', '10  b']);
  });
});

describe('the table of events', () => {
  it('says why the scheduler left the edge out before Spillway was asked', async () => {
    // 600m and 600m by requests on an edge node of 1 CPU; 50m each in truth.
    const lines = eventTable(await runOf({ deployments: [deploymentDocument(2, '600m')] }));
    expect(lines.find((line) => line.includes('place web-2'))).toMatch(
      /cloud-1 \(cloud\) +no edge node to ask +no edge node among the candidates; 1 node\(s\): Insufficient cpu$/,
    );
  });

  it('shows each attempt of a pod that waits', async () => {
    const run = await runOf({
      nodes: [nodeDocument('cloud-1', '1')],
      deployments: [deploymentDocument(2, '900m')],
      events: [
        { at: '10s', cordon: 'cloud-1' },
        { at: '20s', uncordon: 'cloud-1' },
      ],
    });
    const lines = eventTable(run).filter((line) => line.includes('web-2'));
    expect(lines.map((line) => line.trim().replace(/ {2,}/g, ' | '))).toEqual([
      '0.007 | place web-2 | pending | 1 node(s): Insufficient cpu',
      '10.005 | place web-2, attempt 2 | pending | 1 node(s): node(s) were unschedulable',
      '20.005 | place web-2, attempt 3 | pending | 1 node(s): Insufficient cpu',
    ]);
  });

  it('names the edge node where there are several', async () => {
    const nodes = [nodeDocument('edge-1', '1'), nodeDocument('edge-2', '2'), nodeDocument('cloud-1', '4')];
    const [line] = eventTable(await runOf({ nodes })).filter((text) => text.includes('place web-1'));
    // Best fit: the smaller node has less room left.
    expect(line).toContain('edge-1 0m → 100m ≤ 800m');
  });

  it('puts pods that are deleted together from one node in one line', async () => {
    const run = await runOf({ deployments: [deploymentDocument(3)], events: [scaleEvent('60s', 1)] });
    const lines = eventTable(run).filter((text) => text.includes('delete'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/60\.000 +delete 2 pods +edge-1 \(edge\) +web-\d, web-\d$/);
  });
});

describe('the report', () => {
  it('explains a failed expectation by the decision with which it began', async () => {
    const run = await runOf({
      expect: [{ type: 'placed', pod: 'fn/web-1', tier: 'cloud', note: 'because' }],
    });
    const report = textReport(run, { verbose: false });
    expect(report.split('\n').slice(-9)).toEqual([
      '✗ placed: fn/web-1 on a node of tier cloud; found: on edge-1 (edge)',
      '    because',
      '    first at 0.020: fn/web-1 on edge-1 (edge)',
      '      fn/web-1: edge, edge-1; estimate 100m (request); edge node fits the pod below its threshold',
      '        edge-1 (edge, metrics fresh): answered, edge node fits the pod below its threshold; usage 0m, forecast 0m, estimate 100m, threshold 800m',
      '        cloud-1 (cloud, metrics fresh): refused, an edge node admits the pod; usage 0m, forecast 0m, estimate 100m',
      '',
      '1 of 1 expectations failed.',
      '',
    ]);
  });

  it.each([
    { on: undefined, head: 'test: 100 s of virtual time, seed 1' },
    { on: 'cluster', head: 'test: 100 s in real time, on a cluster, seed 1' },
  ] as const)('says where the run was: $head', ({ on, head }) => {
    expect(textReport(emptyResult({ on }), { verbose: false }).split('\n')[0]).toBe(head);
  });

  it('says when Spillway was not asked about a pod', async () => {
    const run = await runOf({ scheduler: { extender: 'none' } });
    expect(explainPod(run, 'web-1')).toMatch(/^at 0\.005\n {2}fn\/web-1: Spillway was not asked\n/);
    expect(explainPod(run, 'web-2')).toBeUndefined();
  });
});
