// Loaded before a program (node --import): tells at its exit, on file descriptor 3, of the turns of its event loop:
// when each began (ms since 1970), how long it took, and what it used of the main thread's CPU (Linux alone says that).
import { openSync, readSync, writeSync } from 'node:fs';

const file = openSync(`/proc/self/task/${process.pid}/schedstat`, 'r');
const buffer = Buffer.alloc(64);

function cpuMs() {
  const length = readSync(file, buffer, 0, buffer.length, 0);
  return Number(buffer.toString('latin1', 0, length).split(' ')[0]) / 1e6;
}

const turns = [];
let startMs = performance.now();
let startCpuMs = cpuMs();
setInterval(() => {
  const [nowMs, nowCpuMs] = [performance.now(), cpuMs()];
  turns.push([performance.timeOrigin + startMs, nowMs - startMs, nowCpuMs - startCpuMs]);
  [startMs, startCpuMs] = [nowMs, nowCpuMs];
}, 1).unref();
process.on('exit', () => writeSync(3, JSON.stringify(turns.filter(([, ms]) => ms >= 2))));
