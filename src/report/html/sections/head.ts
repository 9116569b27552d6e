import { max } from 'd3-array';
import type { SimulationResult } from '../../../outcome/result.ts';
import { ranText } from '../../ran.ts';
import { lengthText, type TimeAxis } from '../axis.ts';
import { counted, cpuText, durationText, percentText } from '../format.ts';
import { type Html, html } from '../markup.ts';
import { mostReal, msAboveThreshold, sinceStart } from '../run.ts';
import { verdictText } from './expectations.ts';

/** What run this is, whether it went as expected, and the figures that one looks for first. */
export function headSection(result: SimulationResult, axis: TimeAxis): Html {
  const { trace, nodes, expectations } = result;
  const edge = nodes.filter(({ tier }) => tier === 'edge').length;
  const verdict = verdictOf(expectations);
  return html`<header><p class="kind">${result.on === 'cluster' ? 'Run on a cluster' : 'Simulated run'}</p><h1>${trace.name}</h1>
${trace.description === undefined ? undefined : html`<p class="lead">${trace.description}</p>`}
<p class="verdict ${verdict}"><span aria-hidden="true">${{ none: '–', missed: '✗', met: '✓' }[verdict]}</span> ${verdictText(result)}</p>
<p class="facts">${lengthText(axis.lengthMs)} ${ranText(result)}, seed ${trace.seed}; ${counted(edge, 'edge node')}, ${counted(nodes.length - edge, 'cloud node')}; ${counted(result.pods.length, 'pod')}, ${counted(result.decisions.length, 'decision')}.</p>
<dl class="numbers">${numbersOf(result).map(({ name, value, more }) => html`<div><dt>${name}</dt><dd><b>${value}</b> ${more}</dd></div>`)}</dl></header>`;
}

function verdictOf(expectations: SimulationResult['expectations']): 'none' | 'missed' | 'met' {
  if (expectations.length === 0) return 'none';
  return expectations.every(({ held }) => held) ? 'met' : 'missed';
}

interface HeadNumber {
  readonly name: string;
  readonly value: string;
  readonly more: string;
}

function numbersOf(result: SimulationResult): readonly HeadNumber[] {
  return [...podNumbers(result), ...edgeNumbers(result), ...waitNumbers(result), ...responseNumbers(result)];
}

function podNumbers({ counts }: SimulationResult): readonly HeadNumber[] {
  const peak = counts.reduce<(typeof counts)[number] | undefined>(
    (most, count) => (most === undefined || count.edge + count.cloud > most.edge + most.cloud ? count : most),
    undefined,
  );
  if (peak === undefined) return [];
  const more = `${peak.edge} at the edge, ${peak.cloud} in the cloud`;
  return [{ name: 'Pods at the peak', value: String(peak.edge + peak.cloud), more }];
}

function edgeNumbers({ nodes }: SimulationResult): readonly HeadNumber[] {
  const edge = nodes.filter(({ tier }) => tier === 'edge');
  const [fullest] = [...edge].sort((left, right) => shareOf(right) - shareOf(left));
  if (fullest === undefined) return [];
  const { name, thresholdMilli, allocatableMilli } = fullest;
  const aboveMs = edge.reduce((total, node) => total + msAboveThreshold(node), 0);
  const most = mostReal(fullest);
  return [
    {
      name: 'Edge CPU at most',
      value: cpuText(most),
      more:
        thresholdMilli === undefined
          ? `of ${cpuText(allocatableMilli)} on ${name}`
          : `${percentText(most / thresholdMilli)} of the threshold of ${cpuText(thresholdMilli)}${edge.length === 1 ? '' : `, on ${name}`}`,
    },
    {
      name: 'Above the threshold',
      value: aboveMs === 0 ? 'never' : lengthText(Math.round(aboveMs / 100) * 100),
      more: edge.length === 1 ? '' : 'summed over edge nodes',
    },
  ];
}

function shareOf(node: SimulationResult['nodes'][number]): number {
  return mostReal(node) / (node.thresholdMilli ?? node.allocatableMilli);
}

function waitNumbers(result: SimulationResult): readonly HeadNumber[] {
  const end = sinceStart(result, result.endMs);
  const waits = result.pods.map((pod) => {
    const until = pod.boundAtMs ?? pod.terminatingAtMs ?? pod.goneAtMs;
    return (until === undefined ? end : sinceStart(result, until)) - sinceStart(result, pod.createdAtMs);
  });
  const longest = max(waits);
  if (longest === undefined) return [];
  return [{ name: 'Longest wait for a node', value: durationText(longest), more: '' }];
}

function responseNumbers({ workloads }: SimulationResult): readonly HeadNumber[] {
  const summaries = workloads.flatMap(({ summary }) => (summary === undefined ? [] : [summary]));
  const [first] = summaries;
  if (first === undefined) return [];
  const succeeded = summaries.reduce((total, summary) => total + summary.succeeded, 0);
  const failed = summaries.reduce((total, summary) => total + summary.failed, 0);
  const requests = { name: 'Requests', value: String(succeeded + failed), more: `${failed} failed` };
  if (summaries.length > 1) return [requests];
  const more = `median ${durationText(first.p50Ms)}`;
  return [requests, { name: '95 % answered within', value: durationText(first.p95Ms), more }];
}
