import type { Draw } from '../../fidelity/draw.ts';

const NAMES = [
  'placement',
  'cpu-estimate',
  'cpu-threshold',
  'load',
  'edge-share',
  'cloud-min',
  'site',
  'plcement',
  '',
  '__proto__',
] as const;

/** Control characters, C1, DEL, both ways of writing, separators of lines, and what ends a terminal's patience. */
export const NASTY_TEXTS = [
  'x\ny\r\nHTTP/1.1 299 Forged\r\n',
  '\u001b]0;title\u0007\u001b[2J',
  '\u007f\u0085\u009b31m',
  '\u202eevil\u2066',
  '\u2028\u2029',
  '\ud800',
  '{"level":"fatal"}',
  '# HELP forged\nforged 1',
  '"} 1\nforged{a="',
  '%s%n%x',
  '<script>alert(1)</script>',
] as const;

const QUANTITIES = [
  '1e999',
  '1e9',
  '-1',
  '-100m',
  '0',
  '0.000000000001',
  '9223372036854775807',
  '9223372036854775807Ei',
  '0x10',
  'NaN',
  'Infinity',
  '1'.repeat(400),
  '1e-999',
  '100%%',
  '101%',
] as const;

/** About what the API server lets through: all annotations of a pod together have at most 256 KiB. */
const ANNOTATION_BYTES = 255_000;

export function hostileAnnotations(draw: Draw): Readonly<Record<string, string>> {
  // Rare: with these every answer to a question about many nodes is at its largest.
  if (draw.chance(0.06)) return draw.chance(0.5) ? manyUnknown(draw) : oneLong(draw);
  return Object.fromEntries(
    draw
      .times(draw.between(1, 6), () => draw.pick(NAMES))
      .map((name) => [`spillway.dev/${name}`, draw.pick([...QUANTITIES, ...NASTY_TEXTS])]),
  );
}

function manyUnknown(draw: Draw): Readonly<Record<string, string>> {
  const length = draw.pick([20, 60, 300]);
  const base = draw.between(0, 1_000_000);
  const entries = draw.times(Math.floor(ANNOTATION_BYTES / length), (index) => {
    const name = `spillway.dev/${draw.pick(['x', 'x', 'x', 'ü', '\u202e'])}${base + index}`;
    return [name.padEnd(length, 'y'), ''] as const;
  });
  // No edge node has room for it, so that each is refused with a reason.
  const refused = { 'spillway.dev/placement': 'edge-only', 'spillway.dev/cpu-estimate': '100' };
  return { ...(draw.chance(0.5) ? refused : {}), ...Object.fromEntries(entries) };
}

function oneLong(draw: Draw): Readonly<Record<string, string>> {
  return {
    [`spillway.dev/${draw.pick(NAMES)}`]: draw.pick(['a', '9', ...NASTY_TEXTS]).repeat(ANNOTATION_BYTES / 50),
  };
}
