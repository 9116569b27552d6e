import { simulate } from '../../../src/simulator/simulate.ts';
import { type TraceDocument, traceOf } from '../traces.ts';
import { inspectAll } from './hold/all.ts';
import { holdResult } from './hold/result.ts';
import { demand } from './hold/violation.ts';

/**
 * Runs a trace with all properties held after each thing that happens, and of what came of it.
 *
 * @param twice run it a second time, without anybody looking: the result must be the same, to the byte
 */
export async function holdFor(document: TraceDocument, twice: boolean): Promise<void> {
  const trace = await traceOf(document);
  const result = simulate(trace, { inspect: inspectAll });
  holdResult(result);
  if (!twice) return;
  const again = simulate(await traceOf(structuredClone(document)));
  demand(JSON.stringify(again) === JSON.stringify(result), 'a second run had another result');
}
