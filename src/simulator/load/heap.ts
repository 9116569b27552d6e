/** A binary heap by `doneAt`: the item at n comes before those at 2n + 1 and 2n + 2. */
interface Item {
  readonly doneAt: number;
}

export function pushTo<T extends Item>(heap: T[], item: T): void {
  let index = heap.length;
  while (index > 0) {
    const parentIndex = (index - 1) >> 1;
    const parent = heap[parentIndex];
    if (parent === undefined || parent.doneAt <= item.doneAt) break;
    heap[index] = parent;
    index = parentIndex;
  }
  heap[index] = item;
}

export function popFrom<T extends Item>(heap: T[]): T | undefined {
  const first = heap[0];
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let index = 0;
  for (;;) {
    const left = heap[2 * index + 1];
    const right = heap[2 * index + 2];
    const rightFirst = left !== undefined && right !== undefined && right.doneAt < left.doneAt;
    const child = rightFirst ? right : left;
    if (child === undefined || last.doneAt <= child.doneAt) break;
    heap[index] = child;
    index = 2 * index + (rightFirst ? 2 : 1);
  }
  heap[index] = last;
  return first;
}
