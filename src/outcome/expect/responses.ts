import type { ExpectationOf } from '../../trace/expectations.ts';
import { type Responses, timesOf } from '../responses.ts';
import type { Outcome, Run } from './check.ts';
import { sinceStart } from './select.ts';

const DEFAULT_QUANTILE = 0.95;

export function checkResponseTime(expectation: ExpectationOf<'responseTime'>, run: Run): Outcome {
  const { workload, tier, quantile = DEFAULT_QUANTILE, atLeast = 0, atMost } = expectation;
  const whose = `${workload}${tier === undefined ? '' : ` at the ${tier}`}`;
  const bounds = [
    ...(atLeast > 0 ? [`at least ${atLeast} ms`] : []),
    ...(atMost === undefined ? [] : [`at most ${atMost} ms`]),
  ].join(', ');
  const expected = `response times of ${whose} ${bounds} at the quantile ${quantile}${spanText(expectation, run)}`;
  const times = timesOf(responsesOf(run, workload), { ...spanOf(expectation, run), tier }).succeededMs;
  // By nearest rank. None that succeeded is no proof of a short time.
  const found = times[Math.ceil(quantile * times.length) - 1];
  if (found === undefined) return { expected, held: false, found: 'no answer' };
  const held = found >= atLeast && (atMost === undefined || found <= atMost);
  return { expected, held, found: `${Math.round(found * 1000) / 1000} ms of ${times.length} answers` };
}

export function checkFailedRequests(expectation: ExpectationOf<'failedRequests'>, run: Run): Outcome {
  const { workload, atMostRatio = 0 } = expectation;
  const expected = `at most ${atMostRatio} of the requests to ${workload} fail${spanText(expectation, run)}`;
  const { succeededMs, failed } = timesOf(responsesOf(run, workload), spanOf(expectation, run));
  const requests = succeededMs.length + failed;
  if (requests === 0) return { expected, held: false, found: 'no request' };
  return { expected, held: failed <= atMostRatio * requests, found: `${failed} of ${requests}` };
}

interface Span {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

function spanOf({ from, to }: Span, { startMs }: Run) {
  return {
    fromMs: from === undefined ? undefined : startMs + from,
    toMs: to === undefined ? undefined : startMs + to,
  };
}

function spanText(span: Span, run: Run): string {
  const { fromMs, toMs } = spanOf(span, run);
  if (fromMs === undefined && toMs === undefined) return '';
  return ` from ${sinceStart(run, fromMs ?? run.startMs)} to ${sinceStart(run, toMs ?? run.endMs)}`;
}

function responsesOf({ responses }: Run, workload: string): Responses | undefined {
  return responses?.get(workload);
}
