import { createLineSplitter } from '../kubernetes/json-splitter.ts';
import { createK6Run, type K6Filter, type K6Run, takeLine } from '../recorder/k6.ts';
import { cpuPerRequestMs, k6Load } from '../recorder/k6-load.ts';
import { isMapping, type JsonObject, keyOf } from '../recorder/objects.ts';
import { spanText } from '../recorder/text.ts';
import type { Trace } from '../trace/schema.ts';
import { type Imported, imported, openBytes, refused } from './import-files.ts';
import type { ImportK6Options } from './import-options.ts';
import { loadTrace, messageOf } from './trace-file.ts';
import { NOT_VALID, type Printer, TERMINAL, traceSettings, writeTrace } from './write-trace.ts';

/**
 * Gives a trace the load of a k6 run.
 *
 * @returns the exit code: 0 written, 1 failed, 2 the options or a file are not valid
 */
export async function importK6(options: ImportK6Options, printer: Printer = TERMINAL): Promise<number> {
  const made = await makeTrace(options);
  if (!made.ok) {
    printer.err(`${made.problems.join('\n')}\n`);
    return NOT_VALID;
  }
  for (const note of made.value.notes) printer.err(`note: ${note}\n`);
  return writeTrace(made.value.document, options.output, printer);
}

interface Made {
  readonly document: JsonObject;
  readonly notes: readonly string[];
}

async function makeTrace(options: ImportK6Options): Promise<Imported<Made>> {
  const { deployment, offset: offsetMs, as } = options;
  const settings = await traceSettings(undefined, options.output);
  if (typeof settings === 'string') return refused(settings);
  const base = await loadTrace(options.trace);
  if (!base.ok) return refused(base.message);
  const known = base.trace.deployments.map(({ metadata }) => keyOf(metadata));
  if (!known.includes(deployment)) {
    return refused(
      `--deployment: found ${deployment}, allowed: one of ${base.file}: ${known.join(', ') || 'it has none'}`,
    );
  }
  const read = await readRun(options.json, options.tag);
  if (!read.ok) return read;
  const run = read.value;
  const cpuMs = options.cpuPerRequest ?? cpuPerRequestMs(run, base.trace, { deployment, offsetMs });
  if (cpuMs === undefined || cpuMs <= 0) {
    return refused(
      `--cpu-per-request: found nothing, allowed: a duration above 0, like 12ms; without it ${base.file} needs a load of the type recordedCpu of ${deployment}`,
    );
  }
  const load = k6Load(run, { deployment, offsetMs, cpuPerRequestMs: cpuMs, as });
  return imported(
    withLoad(await documentOf(base.text), base.trace, load, offsetMs + run.lastMs - run.firstMs),
  );
}

async function readRun(file: string, tag: string | undefined): Promise<Imported<K6Run>> {
  const [name = '', ...value] = tag?.split('=') ?? [];
  const filter: K6Filter = { tag: tag === undefined ? undefined : { name, value: value.join('=') } };
  const run = createK6Run();
  let lineNumber = 0;
  try {
    for await (const line of linesOf(await openBytes(file))) {
      lineNumber += 1;
      const problem = takeLine(run, line, filter);
      if (problem !== undefined) return refused(`${file} line ${lineNumber}: ${problem}`);
    }
  } catch (error) {
    return refused(`${file} cannot be read: ${messageOf(error)}`);
  }
  const whose = tag === undefined ? '' : ` with the tag ${tag}`;
  if (run.users.size === 0)
    return refused(`${file}: found no points of vus, allowed: what k6 run --out json=FILE writes`);
  if (run.requestCount === 0)
    return refused(`${file}: found no points of http_reqs${whose}, allowed: one or more`);
  return imported(run);
}

async function* linesOf(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const split = createLineSplitter();
  for await (const chunk of bytes) yield* split(chunk);
  // The last line may have no end.
  yield* split(Buffer.from('\n'));
}

/** The trace as it is written, with the load in place of the Deployment's. */
function withLoad(document: JsonObject, trace: Trace, load: JsonObject, endMs: number): Made {
  const others = Array.isArray(document['load']) ? document['load'] : [];
  const { deployment } = load;
  const isReplayed = trace.events.some(({ scale }) => scale?.deployment === deployment);
  return {
    document: {
      ...document,
      ...(endMs > trace.duration && { duration: spanText(endMs) }),
      load: [...others.filter((one) => !(isMapping(one) && one['deployment'] === deployment)), load],
    },
    notes: [
      ...(endMs > trace.duration ? [`The trace is longer now: the test ends at ${spanText(endMs)}.`] : []),
      ...(isReplayed
        ? [`Events still scale ${deployment}: take them out if its autoscaler is to answer the load.`]
        : []),
    ],
  };
}

async function documentOf(text: string): Promise<JsonObject> {
  try {
    return JSON.parse(text);
  } catch {
    const { parse } = await import('../reading/yaml.ts');
    return parse(text);
  }
}
