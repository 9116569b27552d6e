import type { ResponseLog } from '../../outcome/responses.ts';
import type { RequestSpec } from '../../trace/request.ts';
import type { Cpu, NodeAccount } from '../model/cpu.ts';
import type { SimNode, SimPod, World } from '../model/world.ts';
import type { Fifo } from './fifo.ts';

/** The requests of a run. */
export interface Requests {
  readonly world: World;
  readonly cpu: Cpu;
  /** By the key of the Deployment that answers. */
  readonly services: ReadonlyMap<string, Service>;
  readonly servers: Map<SimPod, Server>;
  readonly nodes: Map<SimNode, NodeWork>;
  /** The request has got all its CPU. */
  readonly cpuDone: (request: Request) => void;
}

/** What users see of a Deployment. */
export interface Service {
  readonly workload: string;
  readonly spec: RequestSpec;
  readonly log: ResponseLog;
  /** Ready pods; undefined: they have changed. */
  endpoints: readonly Server[] | undefined;
  /** Requests sent so far to one pod after the other. */
  turns: number;
  /** In the order in which they were sent, which is that of their time-outs; some have ended. */
  readonly sent: Fifo<Request>;
  /** Whether an event will look at the first of them. */
  watched: boolean;
}

export interface Request {
  readonly service: Service;
  readonly server: Server;
  readonly sentAtMs: number;
  /** CPU that it costs, as time on one core. */
  readonly cpuMs: number;
  readonly ended: (outcome: Outcome) => void;
  /** Somebody waits for the answer. */
  open: boolean;
  /** Where `worked` of its server will be when its CPU is done. */
  doneAt: number;
}

/** The order in which the requests of a pod get all their CPU. */
export function isDoneBefore(left: Request, right: Request): boolean {
  return left.doneAt < right.doneAt;
}

export type Outcome = 'answered' | 'failed' | 'refused';

/** A pod that answers requests: it works on those in it at the same time, each at the same rate. */
export interface Server {
  readonly pod: SimPod;
  readonly service: Service;
  /** Those that use CPU: a heap by `doneAt`. */
  readonly running: Request[];
  /** Those that wait for their turn. */
  readonly queue: Fifo<Request>;
  /** All that the pod knows of. */
  readonly inside: Set<Request>;
  /** How many of them it works on, the ones that wait for something else too. */
  begun: number;
  /** Sent to it and not ended. */
  unanswered: number;
  /** CPU that each running request has got since the server began, in core-milliseconds. */
  worked: number;
  /** Cores that each running request has now. */
  rate: number;
  /** Restarts of the pod when it was last looked at. */
  restarts: number;
  /** Its containers have ended and not begun again. */
  isDown: boolean;
}

/** The servers of a node that use CPU. */
export interface NodeWork {
  readonly node: SimNode;
  readonly account: NodeAccount;
  readonly active: Set<Server>;
  /** Up to when `worked` of the active ones is counted. */
  countedAtMs: number;
  /** When the next look at them is scheduled; Infinity: none is. */
  wakeAtMs: number;
}
