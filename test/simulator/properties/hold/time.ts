import { demand, type Property } from './violation.ts';

/** Time never goes back, and nothing that is still to come lies in the past. */
export const timeGoesForward: Property = ({ world: { timeline } }) => {
  let lastMs = timeline.nowMs;
  return () => {
    const { nowMs, queue } = timeline;
    demand(nowMs >= lastMs, () => `time went back from ${lastMs} to ${nowMs}`);
    lastMs = nowMs;
    const nextMs = queue[0]?.atMs ?? nowMs;
    demand(nextMs >= nowMs, () => `something is due at ${nextMs}, before now`);
  };
};
