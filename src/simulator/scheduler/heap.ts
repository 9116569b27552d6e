/** A binary heap: the item at n comes before those at 2n + 1 and 2n + 2. */
export interface Heap<T> {
  readonly items: T[];
  readonly isBefore: (left: T, right: T) => boolean;
}

export function createHeap<T>(isBefore: (left: T, right: T) => boolean): Heap<T> {
  return { items: [], isBefore };
}

export function pushTo<T>({ items, isBefore }: Heap<T>, item: T): void {
  let index = items.length;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = items[parentIndex];
    if (parent === undefined || isBefore(parent, item)) break;
    items[index] = parent;
    index = parentIndex;
  }
  items[index] = item;
}

export function popFrom<T>({ items, isBefore }: Heap<T>): T | undefined {
  const [first] = items;
  const last = items.pop();
  if (last === undefined || items.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = items[2 * index + 1];
    const right = items[2 * index + 2];
    const rightFirst = left !== undefined && right !== undefined && isBefore(right, left);
    const child = rightFirst ? right : left;
    if (child === undefined || isBefore(last, child)) break;
    items[index] = child;
    index = 2 * index + (rightFirst ? 2 : 1);
  }
  items[index] = last;
  return first;
}
