import { uniform } from '../engine/random.ts';
import { clockMs, type SimNode, type World } from './world.ts';

/**
 * Whether metrics-server fails to scrape a node now: it cannot be reached, the trace says so for this time,
 * or the draw is against it. Every rule of the trace draws for every scrape that it may hold for, so that
 * another rule does not change what this one draws.
 *
 * @param usageRatio what the node used since the last scrape, of its allocatable CPU
 */
export function failsScrape(world: World, node: SimNode, usageRatio: number): boolean {
  const { lost, failures } = world.trace.metricsServer;
  const nowMs = world.timeline.nowMs;
  const scheduled = lost.some(
    ({ node: name, from, to }) => name === node.name && clockMs(from) <= nowMs && nowMs < clockMs(to),
  );
  let drawn = false;
  for (const { tier, node: name, probability, saturatedAbove } of failures) {
    if (tier !== undefined && tier !== node.tier) continue;
    if (name !== undefined && name !== node.name) continue;
    const unlucky = uniform(world.random.scrapes) < probability;
    if (unlucky && (saturatedAbove === undefined || usageRatio > saturatedAbove)) drawn = true;
  }
  return scheduled || drawn || node.state !== 'up';
}

/** Whether chance decides about scrapes: then no two of them are alike. */
export function drawsFailures({ trace }: World): boolean {
  return trace.metricsServer.failures.some(({ probability }) => probability > 0 && probability < 1);
}

/** The CPU of a node since the scrape before, as a share of what it has. */
export function usageRatio(
  { allocatable }: SimNode,
  since: { readonly atMs: number; readonly used: number } | undefined,
  now: { readonly atMs: number; readonly used: number },
): number {
  if (since === undefined || now.atMs <= since.atMs) return 0;
  return (now.used - since.used) / (now.atMs - since.atMs) / allocatable.cpuMilli;
}
