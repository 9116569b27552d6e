import { podObject } from '../../fake/objects.ts';
import type { Draw } from '../../fidelity/draw.ts';
import { type Attack, type Family, head, type Piece, post, VERB_PATHS, wire } from '../attack.ts';
import { NODE_NAMES, RUNNING } from '../cluster.ts';
import { asAttack, someNodes, soundPod, soundQuestion } from './questions.ts';

const LONG = 300_000;
const CHUNK = Buffer.alloc(65_536, ' ');
/** Around the limits that there are, or were: `server.maxBodyBytes` by default, and what a client may think of. */
const BODY_BYTES = [65_536, 1_048_576, 2_097_152, 4_194_304, 8_388_608, 33_554_432] as const;

/** A name of 300 kB, of the pod, its namespace, its uid, its owner or a node. */
function longTexts(draw: Draw): Attack {
  const long = draw.pick(['n', 'ü', '\u202e', '\u0000']).repeat(LONG);
  const name = `${draw.between(0, 1_000_000)}${long}`;
  const pod = draw.pick([
    podObject(name),
    podObject('long-uid', { uid: name }),
    podObject('long-namespace', { namespace: name }),
    podObject('long-owner', { ownerUid: name }),
    podObject('long-label', { labels: { app: name } }),
    podObject('long-request', { cpuRequest: '9'.repeat(LONG) }),
  ]);
  if (draw.chance(0.7)) return asAttack(soundQuestion(draw, pod));
  const args = { Pod: soundPod(draw), Nodes: null, NodeNames: [...someNodes(draw), name] };
  return asAttack({ path: draw.pick(['/filter', '/prioritize'] as const), args });
}

/** Hundreds of thousands of nodes: unknown ones, one that there is, ones of the language. */
function manyNames(draw: Draw): Attack {
  const count = draw.pick([1001, 2001, 10_000, 200_000, 600_000]);
  const name = draw.pick(['x', '', 'node-1', '__proto__']);
  const numbered = draw.chance(0.5);
  const names = Array.from({ length: count }, (_, index) => (numbered ? `${name}${index}` : name));
  const args = { Pod: soundPod(draw), Nodes: null, NodeNames: names };
  return asAttack({ path: draw.pick(['/filter', '/prioritize'] as const), args });
}

/** Many victims on many nodes; 150 000 of both together at most. */
function preemption(draw: Draw): Attack {
  const nodeCount = draw.pick([1, 500, 2001, 50_000]);
  const victimCount = draw.pick([0, 1, 3, nodeCount === 1 ? 150_000 : 20]);
  const pods = Array.from({ length: victimCount }, (_, index) => ({
    UID: RUNNING[index]?.metadata.uid ?? `${index}`,
  }));
  const victims = draw.pick([
    { Pods: pods, NumPDBViolations: 0 },
    { Pods: pods, NumPDBViolations: -(2 ** 53) },
    { Pods: pods.map(({ UID }) => ({ metadata: { uid: UID } })) },
    null,
  ]);
  const nameOf = (index: number) => NODE_NAMES[index] ?? `unknown-${index}`;
  const byNode = Object.fromEntries(
    Array.from({ length: nodeCount }, (_, index) => [nameOf(index), victims]),
  );
  const key = draw.pick(['NodeNameToVictims', 'NodeNameToMetaVictims']);
  return asAttack({ path: '/preempt', args: { Pod: soundPod(draw), [key]: byNode } });
}

/** A body of about a limit, of spaces, that says its length or comes in chunks. It may be refused while it comes. */
function atTheLimit(draw: Draw): Attack {
  const bytes = draw.pick(BODY_BYTES) + draw.pick([-1, 0, 1]);
  const path = draw.pick(VERB_PATHS);
  if (draw.chance(0.5))
    return wire([head(`POST ${path}`, { 'Content-Length': bytes }), ...spaces(bytes)], { due: 0 });
  const size = draw.pick([1024, 65_536]);
  const chunk = Buffer.from(`${size.toString(16)}\r\n${' '.repeat(size)}\r\n`);
  const chunks = { bytes: chunk, times: Math.ceil(bytes / size) };
  return wire([head(`POST ${path}`, { 'Transfer-Encoding': 'chunked' }), chunks, '0\r\n\r\n'], { due: 0 });
}

/** Forty bodies at once that lack their last byte. */
function heldOpen(draw: Draw): Attack {
  const bytes = draw.pick(BODY_BYTES);
  const start = head(`POST ${draw.pick(VERB_PATHS)}`, { 'Content-Length': bytes });
  return wire([start, ...spaces(bytes - 1)], { copies: 40, ending: 'hold', due: 0 });
}

/** A length that is declared and never comes. */
function onlyDeclared(draw: Draw): Attack {
  const declared = draw.pick([1, 65_536, 33_554_432, 33_554_433, 2 ** 53, '18446744073709551616', '00']);
  const start = head(`POST ${draw.pick(VERB_PATHS)}`, { 'Content-Length': declared });
  // Beyond `requestTimeout` now and then.
  const holdMs = draw.chance(0.03) ? 15_000 : 1500;
  return wire([start, '{'], { ending: draw.pick(['hold', 'half-close', 'reset'] as const), holdMs, due: 0 });
}

function spaces(bytes: number): readonly Piece[] {
  const whole = Math.floor(bytes / CHUNK.length);
  return [
    { bytes: CHUNK, times: whole },
    { bytes: CHUNK.subarray(0, bytes - whole * CHUNK.length), times: 1 },
  ];
}

/** The pages show what is known of a pod by its name, however long that is. */
function longQuery(draw: Draw): Attack {
  const text = encodeURIComponent(draw.pick(['x', 'ü']).repeat(draw.pick([100, 2000])));
  return wire([head(`GET /debug/decisions?pod=${text}/${text}&limit=${draw.pick([1, 100, 999_999])}`)]);
}

export const SIZE_FAMILIES: readonly Family[] = [
  { name: 'long texts', weight: 20, make: longTexts },
  { name: 'many names', weight: 6, make: manyNames },
  { name: 'preemptions', weight: 6, make: preemption },
  { name: 'bodies at a limit', weight: 6, make: atTheLimit },
  { name: 'bodies held open', weight: 1, make: heldOpen },
  { name: 'bodies declared', weight: 20, make: onlyDeclared },
  { name: 'long queries', weight: 10, make: longQuery },
  {
    name: 'empty bodies',
    weight: 10,
    make: (draw) => post(draw.pick(VERB_PATHS), draw.pick(['', ' ', '\n'])),
  },
];
