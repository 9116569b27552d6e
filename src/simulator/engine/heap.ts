/** Whether the left one comes strictly before the right one. */
export type IsBefore<T> = (left: T, right: T) => boolean;

/** Into a binary heap: the item at n comes before those at 2n + 1 and 2n + 2. */
export function pushTo<T>(heap: T[], item: T, isBefore: IsBefore<T>): void {
  let index = heap.length;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || !isBefore(item, parent)) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = item;
}

/** Takes the first; undefined: there is none. */
export function popFrom<T>(heap: T[], isBefore: IsBefore<T>): T | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const rightFirst = left !== undefined && right !== undefined && isBefore(right, left);
    const child = rightFirst ? right : left;
    if (child === undefined || !isBefore(child, last)) break;
    heap[index] = child;
    index = 2 * index + (rightFirst ? 2 : 1);
  }
  heap[index] = last;
  return first;
}
