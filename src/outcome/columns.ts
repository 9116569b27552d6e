/**
 * A long list of numbers that only grows, in pages of typed arrays: 4 or 8 bytes each, and nothing is copied when
 * it grows.
 */
export interface Column {
  readonly pages: (Float64Array | Uint32Array)[];
  readonly newPage: () => Float64Array | Uint32Array;
  length: number;
}

const PAGE_BITS = 14;
const PAGE_LENGTH = 2 ** PAGE_BITS;

export function floatColumn(): Column {
  return { pages: [], newPage: () => new Float64Array(PAGE_LENGTH), length: 0 };
}

/** Whole numbers from 0 to 2^32 - 1. */
export function indexColumn(): Column {
  return { pages: [], newPage: () => new Uint32Array(PAGE_LENGTH), length: 0 };
}

export function append(column: Column, value: number): void {
  const { pages, length } = column;
  const offset = length % PAGE_LENGTH;
  const page = offset === 0 ? column.newPage() : pages[length >>> PAGE_BITS];
  if (page === undefined) throw new Error(`column: no page for ${length}`);
  if (offset === 0) pages.push(page);
  page[offset] = value;
  column.length = length + 1;
}

/** @param index below the column's length */
export function valueAt({ pages }: Column, index: number): number {
  return pages[index >>> PAGE_BITS]?.[index % PAGE_LENGTH] ?? Number.NaN;
}
