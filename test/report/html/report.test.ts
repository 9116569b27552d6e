import { describe, expect, it } from 'vitest';
import type { SimulationResult } from '../../../src/outcome/result.ts';
import { htmlComparison } from '../../../src/report/html/comparison.ts';
import { htmlReport } from '../../../src/report/html/report.ts';
import { bucketOf, candidateOf, decisionOf, podOf, rampOf, resultOf, START_MS } from './results.ts';

const HOSTILE = '</title><script>alert(1)</script>"><img src=x onerror=alert(1)>\'&';

/** The text of the section with an id, up to the next one beside it. */
function sectionOf(page: string, id: string): string {
  const from = page.indexOf(`<section id="${id}"`);
  if (from === -1) return '';
  const next = page.indexOf('\n<section id="', from + 1);
  return page.slice(from, next === -1 ? undefined : next);
}

function textOf(markup: string): string {
  return markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/[\s\u{a0}]+/gu, ' ');
}

const counts = [
  { atMs: START_MS, edge: 0, cloud: 0, pending: 1 },
  { atMs: START_MS + 1000, edge: 6, cloud: 0, pending: 4 },
  { atMs: START_MS + 100_000, edge: 6, cloud: 9, pending: 0 },
  { atMs: START_MS + 500_000, edge: 0, cloud: 1, pending: 0 },
];

describe('the page of a run', () => {
  it('is the same text each time', () => {
    const result = resultOf({ workloads: [rampOf(30)], counts, decisions: [decisionOf(1, 1000)] });
    expect(htmlReport(result)).toBe(htmlReport(structuredClone(result)));
  });

  it('says of a run on a cluster, alone or compared, that it was one', () => {
    const result = resultOf({ on: 'cluster' });
    expect(textOf(htmlReport(result))).toMatch(/Run on a cluster .* in real time, on a cluster, seed/);
    const page = htmlComparison({ title: 'both', runs: [{ label: 'real', result }] });
    expect(textOf(page)).toMatch(/Spillway comparison .* Runs compared/);
  });

  it('loads nothing from anywhere and runs no script but its own', () => {
    const page = htmlReport(resultOf({ workloads: [rampOf(30)], counts, decisions: [decisionOf(1, 1000)] }));
    expect(page.match(/\b(?:src|href|xlink:href|action)="(?!#|data:,")[^"]*"/g)).toBeNull();
    expect(page).not.toMatch(/url\((?!#)|@import|https?:/);
    expect(page.match(/<script/g)).toHaveLength(1);
    expect(page).toContain(`default-src &#39;none&#39;`);
  });

  it('has each id once', () => {
    const page = htmlReport(resultOf({ workloads: [rampOf(30)], counts, decisions: [decisionOf(1, 1000)] }));
    const ids = Array.from(page.matchAll(/\sid="([^"]+)"/g), ([, id]) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it('leaves out what the run has not', () => {
    const page = htmlReport(resultOf({ nodes: [] }));
    expect(['load', 'cpu', 'placement', 'scaling', 'incidents'].map((id) => sectionOf(page, id))).toEqual(
      Array(5).fill(''),
    );
    expect(page).toContain('The trace expects nothing.');
  });

  it('escapes every text that comes from the result', () => {
    const divergence = { atMs: START_MS, what: HOSTILE, decision: 0 };
    const decision = decisionOf(1, 1000, {
      pod: { uid: HOSTILE, namespace: HOSTILE, name: HOSTILE },
      candidates: [candidateOf(HOSTILE, 'edge', { site: HOSTILE })],
      nodes: [HOSTILE],
    });
    const result = resultOf({
      trace: { name: HOSTILE, description: HOSTILE, seed: 1 },
      counts,
      decisions: [decision],
      nodes: resultOf().nodes.map((node) => ({ ...node, name: HOSTILE })),
      pods: [podOf(1, { name: HOSTILE, workload: HOSTILE, node: HOSTILE })],
      scalings: [{ atMs: START_MS, workload: HOSTILE, from: 1, to: 2 }],
      workloads: [{ ...rampOf(30), workload: HOSTILE }],
      autoscalers: [
        {
          autoscaler: HOSTILE,
          workload: HOSTILE,
          syncs: [
            { atMs: START_MS, currentReplicas: 1, desiredReplicas: 2, conditions: { [HOSTILE]: HOSTILE } },
          ],
          events: [{ atMs: START_MS, type: 'Normal', reason: HOSTILE, message: HOSTILE }],
        },
      ],
      incidents: [{ atMs: START_MS, what: HOSTILE, object: 'x' }],
      expectations: [
        {
          type: HOSTILE,
          note: HOSTILE,
          expected: HOSTILE,
          held: false,
          found: HOSTILE,
          diverged: divergence,
        },
      ],
    });
    const pages = [
      htmlReport(result),
      htmlComparison({
        title: HOSTILE,
        description: HOSTILE,
        table: { headers: [HOSTILE], rows: [[HOSTILE]] },
        runs: [{ label: HOSTILE, result }],
      }),
    ];
    for (const page of pages) {
      expect(page).toContain('&lt;script&gt;alert(1)');
      expect(page).not.toMatch(/<img|<script>alert|<\/title><script/);
    }
  });
});

describe('expectations', () => {
  const missed = { type: 'placed', expected: 'web-1 at the edge', held: false, found: 'on cloud-1' };
  const met = { type: 'pods', note: 'As in the lab.', expected: '6 pods', held: true, found: '6' };

  it.each([
    { expectations: [met], verdict: 'The expectation holds.' },
    { expectations: [met, met], verdict: 'All 2 expectations hold.' },
    { expectations: [met, missed], verdict: '1 of 2 expectations missed.' },
    { expectations: [], verdict: 'The trace expects nothing.' },
  ])('$verdict', ({ expectations, verdict }) => {
    expect(htmlReport(resultOf({ expectations }))).toContain(verdict);
  });

  it('that were missed come first, with the decision with which it began', () => {
    const diverged = { atMs: START_MS + 1500, what: 'web-1 on cloud-1', decision: 0 };
    const page = htmlReport(
      resultOf({
        expectations: [met, { ...missed, diverged }],
        decisions: [decisionOf(1, 1500, { result: 'overflow' })],
      }),
    );
    const text = textOf(sectionOf(page, 'expectations'));
    expect(text).toMatch(/Missed .*web-1 at the edge.*Met .*6 pods pods found: 6 As in the lab\./);
    expect(text).toContain('First at 1.500 s: web-1 on cloud-1');
    expect(text).toContain('edge-1 edge 400m 750m 100m 850m 800m refused: edge CPU above threshold');
  });
});

describe('figures', () => {
  const cases: readonly { figure: string; over: Partial<SimulationResult>; says: string }[] = [
    {
      figure: 'Virtual users',
      over: { workloads: [rampOf(250)] },
      says: 'At most 20 virtual users of nodeinfo, first at 114 s; 0 at the end.',
    },
    {
      figure: 'Response time of web',
      over: {
        workloads: [
          {
            workload: 'fn/web',
            users: [],
            responses: [bucketOf(1, 'edge', 60), bucketOf(2, 'edge', 80), bucketOf(2, 'cloud', 170)],
            summary: { ...bucketOf(0, 'edge', 70), succeeded: 60, failed: 0 },
          },
        ],
      },
      says: '60 requests answered, none failed. Half of them within 70 ms, 95 % within 105 ms, 99 % within 140 ms. At the edge the median of a typical second is 70 ms, and the 95th percentile 120 ms at worst; in the cloud the median of a typical second is 170 ms, and the 95th percentile 255 ms at worst.',
    },
    {
      figure: 'Pods per tier',
      over: { counts },
      says: 'At most 15 pods had a node, first at 100 s: 6 at the edge, 9 in the cloud. Up to 4 waited for a node. At the end 0 at the edge, 1 in the cloud, 0 pending.',
    },
    {
      figure: 'CPU of edge-1 (edge)',
      over: {},
      says: 'At most 100m of 1000m allocatable (10 %); the threshold is 800m, and real use was never above it.',
    },
    {
      figure: 'Decisions over time',
      over: { decisions: [decisionOf(1, 1000), decisionOf(2, 2000, { result: 'overflow' })] },
      says: '2 decisions: 1 edge and 1 overflow.',
    },
  ];

  it.each(cases)(
    '$figure: a sentence, a description and a table say what is drawn',
    ({ figure, over, says }) => {
      const page = htmlReport(resultOf(over));
      expect(textOf(page)).toContain(says);
      expect(page).toContain(`<title id="`);
      const description = page.match(new RegExp(`">${escaped(figure)}</title><desc id="[^"]+">([^<]*)`))?.[1];
      expect(description).toContain(says);
      expect(page).toContain(`<summary>Data: ${figure}</summary>`);
    },
  );

  it('have the values of their rows in the table', () => {
    const page = htmlReport(resultOf({ counts }));
    const text = textOf(sectionOf(page, 'load'));
    expect(text).toContain('time edge cloud pending 0 s 0 0 1 30 s 6 0 4 60 s 6 0 4');
  });

  it('draw the replicas that autoscalers want where there are any, and those of the trace otherwise', () => {
    const scalings = [{ atMs: START_MS + 1000, workload: 'fn/web', from: 1, to: 15 }];
    expect(htmlReport(resultOf({ counts, scalings }))).toContain('replicas wanted');
    const syncs = [{ atMs: START_MS, currentReplicas: 1, desiredReplicas: 1, conditions: {} }];
    const autoscalers = [{ autoscaler: 'fn/web', workload: 'fn/web', syncs, events: [] }];
    const page = htmlReport(resultOf({ counts, scalings, autoscalers }));
    expect(page).toContain('desired by the HPA');
    expect(page).not.toContain('replicas wanted');
  });

  it('mark incidents with the numbers of their list', () => {
    const incidents = [{ atMs: START_MS + 60_000, what: 'node edge-1 lost', object: 'edge-1' }];
    const page = htmlReport(resultOf({ incidents }));
    expect(page.match(/class="incident"><line x1="10%"/g)?.length).toBe(2);
    expect(textOf(sectionOf(page, 'incidents'))).toContain('60 s node edge-1 lost');
  });
});

describe('decisions', () => {
  it('are links with a name, to the list with every candidate', () => {
    const decisions = [decisionOf(1, 1000), decisionOf(2, 2000, { result: 'pending' })];
    const page = htmlReport(resultOf({ decisions }));
    expect(page).toContain(
      '<a href="#d-1" data-d="1" aria-label="web-2 at 2.000 s: pending, not placed; placement excludes cloud nodes">',
    );
    expect(page).toContain('<div id="d-1">');
    expect(textOf(sectionOf(page, 'placement'))).toContain('web-2 not placed pending');
  });

  it('count the nodes that there is no room for by their reason', () => {
    const others = Array.from({ length: 40 }, (_, index) => candidateOf(`cloud-${index}`, 'cloud'));
    const edge = candidateOf('edge-1', 'edge', { verdict: 'answered' });
    const page = htmlReport(resultOf({ decisions: [decisionOf(1, 0, { candidates: [...others, edge] })] }));
    const text = textOf(sectionOf(page, 'placement'));
    expect(text).toMatch(/verdict edge-1 edge .*29 more nodes refused: an edge node admits the pod/);
  });

  it('that are left out are counted', () => {
    const decisions = Array.from({ length: 700 }, (_, index) => decisionOf(index, index * 10));
    const page = htmlReport(resultOf({ decisions }));
    expect(textOf(page)).toContain('200 decisions of 700 are not shown');
    expect(page.match(/<a href="#d-\d+" data-d/g)).toHaveLength(500);
  });
});

describe('the page that compares runs', () => {
  it('has the same figures of every run on the same axes, below the table', () => {
    const small = resultOf({ counts: counts.slice(0, 2) });
    const large = resultOf({ counts, endMs: START_MS + 1_200_000 });
    const page = htmlComparison({
      title: 'policies',
      table: { headers: ['policy', 'overflow'], rows: [['spillway', '9']] },
      runs: [
        { label: 'spillway', result: small },
        { label: 'default', result: large },
      ],
    });
    const pods = sectionOf(page, 'pods-row');
    expect(pods.match(/>1200 s<\/text>/g)).toHaveLength(2);
    expect(pods.match(/text-anchor="end">15<\/text>/g)).toHaveLength(2);
    expect(textOf(sectionOf(page, 'numbers'))).toContain('policy overflow spillway 9');
  });
});

function escaped(text: string): string {
  return text.replaceAll(/[()]/g, '\\$&');
}
