/** Makes requests fail whose URL matches, the next `times` of them; undefined: until `end` is called. */
export interface Fault {
  readonly url: RegExp;
  readonly times?: number;
  /** `hang`: never answered. `reset`: the connection is reset. A number: answered with that status. */
  readonly how: number | 'hang' | 'reset';
  readonly headers?: Readonly<Record<string, string>>;
  /** Called when it strikes: for what happens in the cluster meanwhile. */
  readonly meanwhile?: () => void;
}

export class Faults {
  readonly #faults = new Set<Fault & { left: number }>();

  add(fault: Fault): { readonly end: () => void } {
    const rule = { ...fault, left: fault.times ?? Number.POSITIVE_INFINITY };
    this.#faults.add(rule);
    return { end: () => this.#faults.delete(rule) };
  }

  take(url: string): Fault | undefined {
    for (const fault of this.#faults) {
      if (!fault.url.test(url)) continue;
      fault.left -= 1;
      if (fault.left <= 0) this.#faults.delete(fault);
      fault.meanwhile?.();
      return fault;
    }
    return undefined;
  }
}
