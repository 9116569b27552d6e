import type { LabelSelector } from '../../placement/selector.ts';
import type { TracePodSpec } from '../trace/kubernetes.ts';
import type { PodAmounts } from './requests.ts';

/** A pod as the scheduler keeps it (pkg/scheduler/framework/types.go, PodInfo): what never changes, parsed once. */
export interface PodInfo {
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: TracePodSpec;
  readonly priority: number;
  readonly amounts: PodAmounts;
  /** What its controller and Services select, for the default spread constraints. Undefined: nothing does. */
  readonly selector: LabelSelector | undefined;
  /** Deleted, and not gone yet. */
  terminating: boolean;
}
