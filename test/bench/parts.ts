import type { ExtenderObserver } from '../../src/extender/context.ts';
import { handleFilter } from '../../src/extender/handlers.ts';
import { readQuestion } from '../../src/extender/read.ts';
import { askFilter } from '../../src/picture/ask.ts';
import { createPicture } from '../../src/picture/create.ts';
import { nodeSeen } from '../../src/picture/nodes.ts';
import type { Picture } from '../../src/picture/picture.ts';
import { podSeen } from '../../src/picture/pods.ts';
import { projectPod } from '../../src/picture/project.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { createDecisionLogger } from '../../src/telemetry/decision-logger.ts';
import { createExtenderTelemetry } from '../../src/telemetry/extender-observer.ts';
import { createLogger } from '../../src/telemetry/logger.ts';
import { createMetrics } from '../../src/telemetry/metrics.ts';
import { createDecisionRing } from '../../src/telemetry/ring.ts';
import { look, NOW_MS, nodeRecord, PICTURE_SETTINGS, podRecord } from '../builders.ts';
import { ASKED_ANNOTATIONS, askedPods } from './asked-pods.ts';
import { question } from './handlers.ts';
import { printTable } from './table.ts';

const QUESTIONS = 3000;

function measured(names: readonly string[]): Picture {
  const picture = createPicture(PICTURE_SETTINGS);
  for (const [index, name] of names.entries()) {
    const labels: Record<string, string> = index % 3 === 0 ? {} : { 'node-role.kubernetes.io/edge': '' };
    nodeSeen(picture, nodeRecord(name, { labels, allocatableMilli: 4000 }));
  }
  for (const name of askedPods()) {
    podSeen(picture, podRecord(name, { annotations: ASKED_ANNOTATIONS }), NOW_MS);
  }
  sampleTaken(picture, look(Object.fromEntries(names.map((name) => [name, 1500])), {}), NOW_MS);
  return picture;
}

function telemetry(picture: Picture): ExtenderObserver {
  const metrics = createMetrics({ version: 'bench', look: () => ({ picture, nowMs: NOW_MS, ready: true }) });
  const log = createDecisionLogger(createLogger('error'), () => NOW_MS);
  return createExtenderTelemetry(metrics.extender, createDecisionRing(1000), log);
}

/** Microseconds a question, of the second pass: the first one warms up. */
function timeOf(bodies: readonly Buffer[], work: (body: Buffer) => void): number {
  for (const body of bodies) work(body);
  const startedMs = performance.now();
  for (const body of bodies) work(body);
  return ((performance.now() - startedMs) * 1000) / bodies.length;
}

/** Each way does what the one before does and one thing more; the differences are the parts. */
function partsOf(nodes: number): readonly string[] {
  const names = Array.from({ length: nodes }, (_, index) => `node-${index}`);
  const bodies = Array.from({ length: QUESTIONS }, (_, index) => Buffer.from(question(nodes, index)));
  const asking = measured(names);
  const answering = measured(names);
  const telling = measured(names);
  const observer = telemetry(telling);
  const now = () => NOW_MS;
  const ways = [
    timeOf(bodies, (body) => JSON.parse(body.toString())),
    timeOf(bodies, (body) => readQuestion(body, nodes)),
    timeOf(bodies, (body) => {
      const read = readQuestion(body, nodes);
      if (read.ok) askFilter(asking, projectPod(read.value.pod), read.value.names, NOW_MS);
    }),
    timeOf(bodies, (body) => handleFilter({ picture: answering, now, observer: {} }, body)),
    timeOf(bodies, (body) => handleFilter({ picture: telling, now, observer }, body)),
  ];
  const parts = ways.map((way, index) => way - (ways[index - 1] ?? 0));
  return [String(nodes), ...parts.map((part) => part.toFixed(1)), (ways.at(-1) ?? Number.NaN).toFixed(1)];
}

/** Where the time of a filter call goes, within the process and without HTTP. */
export function benchParts(): void {
  printTable(
    'Where the time of a filter call goes, µs (5 KB pod; differences of measurements, so small ones may be negative)',
    ['nodes', 'JSON.parse', 'check', 'decide', 'encode', 'telemetry', 'in all'],
    [100, 1000, 5000].map(partsOf),
  );
}
