/** Means of values by key, over a window whose owner adds and removes them. */
export type Means = Map<string, { readonly sum: number; readonly count: number }>;

export function createMeans(): Means {
  return new Map();
}

export function addTo(means: Means, key: string, value: number): void {
  const { sum, count } = means.get(key) ?? { sum: 0, count: 0 };
  means.set(key, { sum: sum + value, count: count + 1 });
}

export function removeFrom(means: Means, key: string, value: number): void {
  const { sum, count } = means.get(key) ?? { sum: 0, count: 0 };
  // Without values a key is gone, and no rounding error of the sum outlives it.
  if (count <= 1) means.delete(key);
  else means.set(key, { sum: sum - value, count: count - 1 });
}

export function meanOf(means: Means, key: string): number | undefined {
  const found = means.get(key);
  return found && found.sum / found.count;
}
