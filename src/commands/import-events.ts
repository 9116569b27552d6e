import { recordingFromEvents } from '../recorder/from-events.ts';
import { type Happening, readEvent } from '../recorder/kubernetes-events.ts';
import { traceOf, whereText } from '../recorder/trace.ts';
import { type Imported, imported, readList, readObjects, refused } from './import-files.ts';
import type { ImportEventsOptions } from './import-options.ts';
import { NOT_VALID, type Printer, TERMINAL, traceSettings, writeTrace } from './write-trace.ts';

/**
 * Makes a trace of a cluster's events and objects.
 *
 * @returns the exit code: 0 written, 1 failed, 2 the options or a file are not valid
 */
export async function importEvents(
  options: ImportEventsOptions,
  printer: Printer = TERMINAL,
): Promise<number> {
  const refuse = (problems: readonly string[]) => {
    printer.err(`${problems.join('\n')}\n`);
    return NOT_VALID;
  };
  const settings = await traceSettings(options.config, options.output);
  if (typeof settings === 'string') return refuse([settings]);
  const [events, nodes, deployments, autoscalers, pods] = await Promise.all([
    readEvents(options.events),
    readObjects(options.nodes, 'Node'),
    readObjects(options.deployments, 'Deployment'),
    readObjects(options.hpas, 'HorizontalPodAutoscaler'),
    readObjects(options.pods, 'Pod'),
  ]);
  if (!events.ok || !nodes.ok || !deployments.ok || !autoscalers.ok || !pods.ok) {
    return refuse(
      [events, nodes, deployments, autoscalers, pods].flatMap((read) => (read.ok ? [] : read.problems)),
    );
  }
  const { recording, span, notes } = recordingFromEvents({
    happenings: events.value.happenings,
    nodes: nodes.value,
    deployments: deployments.value,
    autoscalers: autoscalers.value,
    pods: pods.value,
  });
  const trace = traceOf(recording, {
    name: options.name,
    description: `Imported from events: it begins at ${new Date(span.fromMs).toISOString()}.`,
    span,
    tiers: settings.tiers,
    configuration: settings.configuration,
    expect: options.expect,
  });
  const { lost } = events.value;
  const repeated =
    lost > 0 ? [`${lost} events were counted only, without their times: they are left out.`] : [];
  for (const note of [...repeated, ...notes, ...trace.notes]) printer.err(`note: ${note}\n`);
  for (const line of whereText(trace, span.toMs)) printer.err(`${line}\n`);
  return writeTrace(trace.document, options.output, printer);
}

interface Events {
  readonly happenings: readonly Happening[];
  readonly lost: number;
}

async function readEvents(file: string): Promise<Imported<Events>> {
  const list = await readList(file, 'Event');
  if (!list.ok) return list;
  const read = list.value.map((item, index) => readEvent(item, ['items', index]));
  const problems = read.flatMap((event) => (event.ok ? [] : [`${file}: ${event.problem}`]));
  if (problems.length > 0) return refused(...problems);
  const happenings = read.flatMap((event) => (event.ok ? event.happenings : []));
  if (happenings.length === 0) {
    return refused(`${file}: found ${read.length} events, allowed: some that a trace has a use for`);
  }
  return imported({ happenings, lost: read.reduce((sum, event) => sum + (event.ok ? event.lost : 0), 0) });
}
