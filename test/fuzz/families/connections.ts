import type { Draw } from '../../fidelity/draw.ts';
import { type Attack, type Family, head, wire } from '../attack.ts';
import { soundQuestion } from './questions.ts';

/** A sound question, byte by byte, or with a pause somewhere; few of them come to an end. */
function slow(draw: Draw): Attack {
  const text = questionText(draw);
  const pieceBytes = draw.pick([1, 10, 200]);
  const count = Math.min(50, Math.ceil(text.length / pieceBytes));
  const pieces = Array.from({ length: count }, (_, index) =>
    text.slice(index * pieceBytes, (index + 1) * pieceBytes),
  );
  return wire(pieces, { pauseMs: draw.pick([1, 20, 100]), ending: 'hold', due: 0 });
}

function brokenOff(draw: Draw): Attack {
  const text = questionText(draw);
  const part = text.slice(0, draw.between(0, text.length));
  return wire([part], { ending: draw.pick(['reset', 'half-close'] as const), due: 0 });
}

/** Connections that never say anything; now and then more than `server.maxConnections` allows by default. */
function silent(draw: Draw): Attack {
  const copies = draw.chance(0.05) ? 1500 : draw.pick([1, 20, 100]);
  return wire([], { copies, ending: 'hold', due: 0 });
}

function questionText(draw: Draw): string {
  const { path, args } = soundQuestion(draw);
  const body = JSON.stringify(args);
  return head(`POST ${path}`, { 'Content-Length': Buffer.byteLength(body) }) + body;
}

export const CONNECTION_FAMILIES: readonly Family[] = [
  { name: 'slow connections', weight: 20, make: slow },
  { name: 'connections broken off', weight: 20, make: brokenOff },
  { name: 'silent connections', weight: 2, make: silent },
];
