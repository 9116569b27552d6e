import type { KubeObject } from '../../control-plane/harness/kube.ts';
import { type Case, randomCases } from '../../simulator/scheduler/recorded/cases.ts';

/** A drawn case whose names are its own: what is left of the one before can't be taken for a part of it. */
export interface NumberedCase {
  readonly number: number;
  readonly namespaces: readonly string[];
  readonly drawn: Case;
  /** The same, as far as the API's client must read it. */
  readonly objects: {
    readonly pod: Namespaced;
    readonly nodes: readonly KubeObject[];
    readonly pods: readonly Namespaced[];
    readonly replicaSets: readonly ReplicaSet[];
    readonly services: readonly (Namespaced & { readonly spec: object })[];
  };
}

export interface Namespaced extends KubeObject {
  readonly metadata: KubeObject['metadata'] & { readonly namespace: string };
}

interface ReplicaSet extends Namespaced {
  readonly spec: { readonly selector: { readonly matchLabels: Readonly<Record<string, string>> } };
}

/** The cases of the recorded answers' generator, numbered from 1. */
export function numberedCases(seed: number, count: number): readonly NumberedCase[] {
  return randomCases(seed, count).map((drawn, index) => numbered(drawn, index + 1));
}

function numbered(drawn: Case, number: number): NumberedCase {
  const text = JSON.stringify(drawn)
    .replaceAll('"fn"', `"fn-${number}"`)
    .replaceAll('"other"', `"other-${number}"`)
    .replaceAll(/"node-(\d+)"/g, `"case-${number}-node-$1"`);
  const namespaces = [`fn-${number}`, `other-${number}`];
  return { number, namespaces, drawn: JSON.parse(text), objects: JSON.parse(text) };
}
