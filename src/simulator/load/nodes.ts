import { popFrom } from '../engine/heap.ts';
import { schedule } from '../engine/timeline.ts';
import { holdRates, settleHeld } from '../model/cpu.ts';
import { claimWork, divide } from '../model/held.ts';
import type { SimNode } from '../model/world.ts';
import { isDoneBefore, type NodeWork, type Request, type Requests, type Server } from './types.ts';

/**
 * The CPU of requests: pods share a node's (model/share.ts), and the requests in a pod share the pod's equally,
 * as threads of one program do. Each has got the same CPU while it ran, so one number for the pod and one for
 * the request say when it is done, however many there are.
 */

/** The virtual clock has steps of an eighth of a microsecond: what is due within two of them is due now. */
const CLOCK_STEPS_MS = 2 / 8192;

export function nodeWork({ cpu, nodes, world }: Requests, node: SimNode): NodeWork | undefined {
  const known = nodes.get(node);
  if (known !== undefined) return known;
  const account = cpu.accounts.get(node);
  if (account === undefined) return undefined;
  const work: NodeWork = {
    node,
    account,
    active: new Set(),
    countedAtMs: world.timeline.nowMs,
    wakeAtMs: Number.POSITIVE_INFINITY,
  };
  nodes.set(node, work);
  return work;
}

/** Brings everything up to date, before a request begins or ends to use CPU on the node. */
export function pause({ cpu, world }: Requests, work: NodeWork): void {
  settleHeld(cpu, work.account);
  const { nowMs } = world.timeline;
  const passedMs = nowMs - work.countedAtMs;
  if (passedMs > 0) for (const server of work.active) server.worked += server.rate * passedMs;
  work.countedAtMs = nowMs;
}

/** Divides the node's CPU anew, after the requests of `changed` or anything else changed. */
export function resume(requests: Requests, work: NodeWork, changed?: Server): void {
  if (changed !== undefined) {
    if (changed.running.length > 0) work.active.add(changed);
    else work.active.delete(changed);
  }
  const { account, node, active } = work;
  // Rates that are held begin with what is now; those that were held know of the one change.
  const held = account.held ?? holdRates(requests.cpu, node, account);
  const claim = changed && held.claimOf.get(changed.pod);
  if (claim !== undefined && changed !== undefined) claimWork(claim, demandMilli(changed));
  divide(held);
  const { nowMs } = requests.world.timeline;
  let nextAtMs = Number.POSITIVE_INFINITY;
  for (const server of active) {
    server.rate = (held.claimOf.get(server.pod)?.share.milli ?? 0) / 1000 / server.running.length;
    const missing = (server.running[0]?.doneAt ?? Number.POSITIVE_INFINITY) - server.worked;
    if (server.rate > 0) nextAtMs = Math.min(nextAtMs, nowMs + Math.max(0, missing) / server.rate);
  }
  if (nextAtMs >= work.wakeAtMs || nextAtMs === Number.POSITIVE_INFINITY) return;
  work.wakeAtMs = nextAtMs;
  schedule(requests.world.timeline, nextAtMs, () => {
    if (work.wakeAtMs === nextAtMs) wake(requests, work);
  });
}

/** What the requests in the pod can use. */
export function demandMilli({ running, service }: Server): number {
  return running.length * service.spec.parallelism * 1000;
}

/** The next request may be done, or not quite: others came meanwhile. */
function wake(requests: Requests, work: NodeWork): void {
  work.wakeAtMs = Number.POSITIVE_INFINITY;
  pause(requests, work);
  const done: Request[] = [];
  for (const server of Array.from(work.active)) {
    const dueAt = server.worked + server.rate * CLOCK_STEPS_MS;
    let next = server.running[0];
    if (next === undefined || next.doneAt > dueAt) continue;
    for (; next !== undefined && next.doneAt <= dueAt; next = server.running[0]) {
      popFrom(server.running, isDoneBefore);
      done.push(next);
    }
    const claim = work.account.held?.claimOf.get(server.pod);
    if (claim !== undefined) claimWork(claim, demandMilli(server));
    if (server.running.length === 0) work.active.delete(server);
  }
  resume(requests, work);
  for (const request of done) requests.cpuDone(request);
}
