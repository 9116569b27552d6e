import { afterAll, beforeAll, expect, vi } from 'vitest';

/** Files share a worker: what one leaves behind the next would be tested with. */
function worker() {
  return {
    fakeTimers: vi.isFakeTimers(),
    environment: { ...process.env },
    exitCode: process.exitCode,
    listeners: process.eventNames().map((name) => [name, process.listenerCount(name)]),
  };
}

let before: ReturnType<typeof worker>;
beforeAll(() => {
  before = worker();
});
afterAll(() => expect(worker()).toEqual(before));
