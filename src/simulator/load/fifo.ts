/** A queue. Taking from an array's front would move all the others each time. */
export interface Fifo<T> {
  readonly items: T[];
  first: number;
}

export function createFifo<T>(): Fifo<T> {
  return { items: [], first: 0 };
}

export function peek<T>({ items, first }: Fifo<T>): T | undefined {
  return items[first];
}

export function take<T>(fifo: Fifo<T>): T | undefined {
  const item = fifo.items[fifo.first];
  if (item === undefined) return undefined;
  fifo.first += 1;
  if (fifo.first * 2 > fifo.items.length + 64) {
    fifo.items.splice(0, fifo.first);
    fifo.first = 0;
  }
  return item;
}
