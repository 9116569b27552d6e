import { describe, expect, it } from 'vitest';
import { askFilter } from '../../src/picture/ask.ts';
import { nodeGone, nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { podGone, podSeen } from '../../src/picture/pods.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { NO_ANNOTATION_PROBLEMS } from '../../src/placement/annotations.ts';
import { decide } from '../../src/placement/decide.ts';
import type { Question } from '../../src/placement/decision.ts';
import { createMetrics, type Metrics } from '../../src/telemetry/metrics.ts';
import * as build from '../builders.ts';

const { NOW_MS } = build;

/** The value of one series as Prometheus reads it; undefined when it is not there. */
async function sampleOf(metrics: Metrics, series: string): Promise<number | undefined> {
  const line = (await metrics.text()).split('\n').find((text) => text.startsWith(`${series} `));
  return line === undefined ? undefined : Number(line.slice(series.length + 1));
}

async function linesOf(metrics: Metrics, name: string): Promise<readonly string[]> {
  return (await metrics.text()).split('\n').filter((line) => line.startsWith(name));
}

function decision(over: Partial<Question> = {}) {
  return decide(build.question(over), build.SETTINGS);
}

describe('a decision', () => {
  const full = build.node({ metrics: build.metrics(4000) });
  it.each<[string, Partial<Question>, string]>([
    ['edge', {}, 'tier="edge",result="edge"'],
    ['overflow', { candidates: [full, build.cloudNode()] }, 'tier="cloud",result="overflow"'],
    ['cloud', { policy: build.policy({ placement: 'cloud-only' }) }, 'tier="cloud",result="cloud"'],
    ['pending', { candidates: [full] }, 'tier="none",result="pending"'],
    ['passed', { policy: build.policy({ placement: 'off' }) }, 'tier="none",result="passed"'],
    [
      'overload',
      { candidates: [build.node({ metrics: build.metrics(3200) })] },
      'tier="edge",result="overload"',
    ],
  ])('is counted as %s', async (_result, over, labels) => {
    const metrics = createMetrics();
    const series = `spillway_decisions_total{verb="filter",${labels}}`;
    expect(await sampleOf(metrics, series)).toBe(0);
    metrics.extender.decided(decision(over), 'filter', NO_ANNOTATION_PROBLEMS);
    expect(await sampleOf(metrics, series)).toBe(1);
  });

  it('counts refusals once for each node, by reason and tier', async () => {
    const metrics = createMetrics();
    const candidates = [
      ...Array.from({ length: 3 }, (_, index) =>
        build.node({ name: `edge-${index}`, metrics: full.metrics }),
      ),
      build.node({ name: 'edge-away', ready: false }),
      build.cloudNode({ name: 'cloud-1' }),
      build.cloudNode({ name: 'cloud-2', schedulable: false }),
    ];
    metrics.extender.decided(
      decision({ candidates, unknownNodes: ['new'] }),
      'filter',
      NO_ANNOTATION_PROBLEMS,
    );
    expect((await linesOf(metrics, 'spillway_rejections_total')).toSorted()).toEqual([
      'spillway_rejections_total{reason="edge-above-threshold",tier="edge"} 3',
      'spillway_rejections_total{reason="node-cordoned",tier="cloud"} 1',
      'spillway_rejections_total{reason="node-not-ready",tier="edge"} 1',
      'spillway_rejections_total{reason="node-unknown",tier="unknown"} 1',
    ]);
    expect(await sampleOf(metrics, 'spillway_overflows_total{reason="edge-above-threshold"}')).toBe(1);
  });

  it('counts annotations that could not be read, the unknown ones together', async () => {
    const metrics = createMetrics();
    const problems = ['site', 'foo', 'bar'].map((name) => ({
      annotation: `spillway.dev/${name}`,
      found: '',
      allowed: '',
    }));
    metrics.extender.decided(decision(), 'filter', { shown: problems, further: 40 });
    expect(await linesOf(metrics, 'spillway_annotation_problems_total')).toEqual([
      'spillway_annotation_problems_total{annotation="site"} 1',
      'spillway_annotation_problems_total{annotation="unknown"} 42',
    ]);
  });
});

describe('what else happens', () => {
  it.each<[string, (metrics: Metrics) => void, string]>([
    [
      'an answer to preempt',
      ({ extender }) => extender.preempted({}, ['a', 'b'], ['a']),
      'spillway_decisions_total{verb="preempt",tier="none",result="kept"}',
    ],
    [
      'an answer to preempt without a node',
      ({ extender }) => extender.preempted({}, ['a'], []),
      'spillway_decisions_total{verb="preempt",tier="none",result="pending"}',
    ],
    [
      'a ranking of a pod that is not managed',
      ({ extender }) => extender.ranked({}, { estimate: { milli: 1, source: 'default' }, scores: [] }),
      'spillway_decisions_total{verb="prioritize",tier="none",result="passed"}',
    ],
    [
      'an internal error',
      ({ extender }) => extender.failedOpen('filter', new TypeError('pod default/web')),
      'spillway_fail_opens_total{verb="filter",cause="TypeError"}',
    ],
    [
      'an internal error that is none of the usual',
      ({ extender }) => extender.failedOpen('filter', 'text'),
      'spillway_fail_opens_total{verb="filter",cause="other"}',
    ],
    [
      'a request that could not be read',
      ({ server }) => server.answered('filter', 400, 1),
      'spillway_request_errors_total{verb="filter",code="400"}',
    ],
    [
      'an answer',
      ({ server }) => server.answered('filter', 200, 0.3),
      'spillway_request_duration_seconds_bucket{le="0.0005",verb="filter"}',
    ],
    [
      'a reservation that came true',
      ({ picture }) => picture.reservationEnded('confirmed', 'edge'),
      'spillway_reservations_ended_total{outcome="confirmed",tier="edge"}',
    ],
    [
      'a prediction that was too high',
      ({ picture }) => picture.predictionMeasured('node', -300),
      'spillway_prediction_error_cpu_cores_bucket{le="-0.25",kind="node"}',
    ],
    [
      'a watch begun anew',
      ({ sources }) => sources.watchRestarted('pods', 'stalled'),
      'spillway_watch_restarts_total{resource="pods",cause="stalled"}',
    ],
    [
      'a watch begun anew for a cause that nobody foresaw',
      ({ sources }) => sources.watchRestarted('pods', 'Error: ECONNRESET 10.0.0.1:443'),
      'spillway_watch_restarts_total{resource="pods",cause="other"}',
    ],
    [
      'a read of metrics',
      ({ sources }) => sources.metricsRead('failed', 2000),
      'spillway_metrics_read_duration_seconds_bucket{le="2.5",result="failed"}',
    ],
  ])('%s is counted', async (_name, happen, series) => {
    const metrics = createMetrics();
    happen(metrics);
    expect(await sampleOf(metrics, series)).toBe(1);
  });

  it('leaves refused requests out of the durations', async () => {
    const metrics = createMetrics();
    metrics.server.answered('filter', 503, 0.01);
    expect(await sampleOf(metrics, 'spillway_request_duration_seconds_count{verb="filter"}')).toBe(0);
  });
});

describe('a scrape', () => {
  /** Edge nodes of 4 CPU, of which edge-1 used 1 CPU and edge-2 was never measured, and a cloud node. */
  function watched(): { readonly picture: Picture; readonly metrics: Metrics } {
    const picture = build.picture();
    for (const name of ['edge-1', 'edge-2', 'cloud-1']) nodeSeen(picture, build.nodeRecord(name));
    sampleTaken(picture, build.look({ 'edge-1': 1000, 'cloud-1': 2000 }, {}), NOW_MS);
    const metrics = createMetrics({
      version: '1.2.3',
      look: () => ({ picture, nowMs: NOW_MS + 10_000, ready: true }),
    });
    return { picture, metrics };
  }

  it.each<[string, number | undefined]>([
    ['spillway_edge_node_usage_cpu_cores{node="edge-1"}', 1],
    ['spillway_edge_node_usage_cpu_cores{node="edge-2"}', undefined],
    ['spillway_edge_node_usage_cpu_cores{node="cloud-1"}', undefined],
    ['spillway_edge_node_forecast_cpu_cores{node="edge-1"}', 1],
    ['spillway_edge_node_forecast_cpu_cores{node="edge-2"}', 0],
    ['spillway_edge_node_threshold_cpu_cores{node="edge-2"}', 3.2],
    ['spillway_edge_node_allocatable_cpu_cores{node="edge-2"}', 4],
    ['spillway_edge_node_closed{node="edge-1"}', 0],
    ['spillway_edge_node_metrics_age_seconds{node="edge-1"}', 10],
    ['spillway_edge_node_metrics_age_seconds{node="edge-2"}', undefined],
    ['spillway_edge_node_metrics_freshness{node="edge-1",freshness="fresh"}', 1],
    ['spillway_edge_node_metrics_freshness{node="edge-2",freshness="unknown"}', 1],
    ['spillway_nodes{tier="edge",state="ready"}', 2],
    ['spillway_nodes{tier="cloud",state="ready"}', 1],
    ['spillway_nodes{tier="cloud",state="cordoned"}', 0],
    ['spillway_reservations_open', 0],
    ['spillway_ready', 1],
    [`spillway_build_info{version="1.2.3",node_version="${process.version}"}`, 1],
  ])('shows %s as %s', async (series, value) => {
    expect(await sampleOf(watched().metrics, series)).toBe(value);
  });

  it('follows pods, reservations and nodes', async () => {
    const { picture, metrics } = watched();
    const forecast = 'spillway_edge_node_forecast_cpu_cores{node="edge-1"}';
    askFilter(picture, build.podRecord('web'), ['edge-1'], NOW_MS);
    expect(await sampleOf(metrics, forecast)).toBeCloseTo(1.3);
    expect(await sampleOf(metrics, 'spillway_reservations_open')).toBe(1);
    podSeen(picture, build.podRecord('web', { nodeName: 'edge-1' }), NOW_MS);
    expect(await sampleOf(metrics, 'spillway_reservations_open')).toBe(0);
    expect(await sampleOf(metrics, forecast)).toBeCloseTo(1.3);
    podGone(picture, 'uid-web', NOW_MS);
    expect(await sampleOf(metrics, forecast)).toBeCloseTo(1);
    nodeSeen(picture, build.nodeRecord('edge-1', { ready: false }));
    expect(await sampleOf(metrics, 'spillway_nodes{tier="edge",state="not-ready"}')).toBe(1);
    nodeGone(picture, 'edge-1');
    expect((await metrics.text()).includes('edge-1')).toBe(false);
  });

  it('knows the tier of the node that a ranking puts first', async () => {
    const { metrics } = watched();
    metrics.extender.ranked({}, { estimate: { milli: 1, source: 'default' }, scores: [], first: 'cloud-1' });
    const series = 'spillway_decisions_total{verb="prioritize",tier="cloud",result="ranked"}';
    expect(await sampleOf(metrics, series)).toBe(1);
  });

  it('without a picture shows that nothing is ready', async () => {
    const metrics = createMetrics();
    expect(await sampleOf(metrics, 'spillway_ready')).toBe(0);
    expect(await linesOf(metrics, 'spillway_edge_node')).toEqual([]);
  });

  it('is the page that the library would write', async () => {
    const { metrics } = watched();
    const names = (page: string) => page.split('\n').filter((line) => line.startsWith('#'));
    expect(names(await metrics.text())).toEqual(names(await metrics.registry.metrics()));
    expect(metrics.contentType).toContain('text/plain');
  });

  it('shows what Node itself measures', async () => {
    expect(await sampleOf(createMetrics(), 'process_cpu_seconds_total')).toBeGreaterThan(0);
  });

  it('of one process does not see that of another', async () => {
    const [one, other] = [createMetrics(), createMetrics()];
    one.extender.failedOpen('filter', new Error('x'));
    expect(await linesOf(other, 'spillway_fail_opens_total')).toEqual([]);
  });
});
