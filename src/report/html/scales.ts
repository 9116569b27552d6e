import { scaleLinear, scaleLog } from 'd3-scale';
import type { YScale } from './series.ts';

export interface YAxis {
  readonly y: YScale;
  readonly ticks: readonly { readonly yPx: number; readonly text: string }[];
}

/** From 0 to a round number at or above `top`. */
export function linearAxis(top: number, heightPx: number, textOf: (value: number) => string): YAxis {
  const scale = scaleLinear()
    .domain([0, top > 0 ? top : 1])
    .nice(4)
    .range([heightPx, 0]);
  const ticks = scale.ticks(4).map((value) => ({ yPx: scale(value), text: textOf(value) }));
  return { y: scale, ticks };
}

/** As `linearAxis`, for things that come in ones. */
export function countAxis(top: number, heightPx: number): YAxis {
  const axis = linearAxis(Math.max(1, top), heightPx, String);
  return { ...axis, ticks: axis.ticks.filter(({ text }) => Number.isInteger(Number(text))) };
}

/** The domain ends at `top` itself: a node's allocatable CPU is where its plot ends. */
export function exactAxis(top: number, heightPx: number, textOf: (value: number) => string): YAxis {
  const scale = scaleLinear()
    .domain([0, top > 0 ? top : 1])
    .range([heightPx, 0]);
  return { y: scale, ticks: scale.ticks(4).map((value) => ({ yPx: scale(value), text: textOf(value) })) };
}

/**
 * Powers of ten, and 2 and 5 times these. Values at or below 0 stand at the foot.
 *
 * @param bottom greater than 0
 */
export function logAxis(
  bottom: number,
  top: number,
  heightPx: number,
  textOf: (value: number) => string,
): YAxis {
  const scale = scaleLog().domain([bottom, top]).nice().range([heightPx, 0]);
  const [foot = bottom] = scale.domain();
  const y = (value: number) => scale(Math.max(value, foot));
  const ticks = scale.ticks(6).filter((value) => /^[125]/.test(value.toExponential()));
  return { y, ticks: ticks.map((value) => ({ yPx: scale(value), text: textOf(value) })) };
}
