import { parseCpuMilli } from '../../placement/quantity.ts';
import type { TracePodSpec } from '../../trace/kubernetes.ts';

/** Amounts of resources, as the scheduler counts them: int64, in the units of the names. */
export interface Amounts {
  readonly cpuMilli: number;
  readonly memoryBytes: number;
  readonly ephemeralStorageBytes: number;
  /** Extended resources, huge pages and the like. */
  readonly scalars: ReadonlyMap<string, number>;
}

export interface PodAmounts {
  readonly requests: Amounts;
  /** What a node's sum counts for LeastAllocated: every container without a request with a default. */
  readonly nonZero: ScoredAmounts;
  /**
   * What LeastAllocated counts of the pod that is to be placed: the same, but for pod-level requests, which
   * are left out (NewFit does not tell its scorer of the feature).
   */
  readonly incoming: ScoredAmounts;
}

type ScoredAmounts = Pick<Amounts, 'cpuMilli' | 'memoryBytes'>;

type Quantities = Readonly<Record<string, string>>;
type Container = TracePodSpec['containers'][number];
type Sums = Map<string, number>;

/** pkg/scheduler/util/pod_resources.go: DefaultMilliCPURequest and DefaultMemoryRequest (which is 200 Mi). */
const DEFAULTS: ReadonlyMap<string, number> = new Map([
  ['cpu', 100],
  ['memory', 200 * 1024 * 1024],
]);
const NO_DEFAULTS: ReadonlyMap<string, number> = new Map();

/** What the pod requests, counted once: a spec does not change. */
export function podAmounts(spec: TracePodSpec): PodAmounts {
  const { resources: _podLevel, ...containersOnly } = spec;
  const requests = podRequests(spec, NO_DEFAULTS);
  return {
    requests: amountsOf(requests),
    nonZero: amountsOf(podRequests(spec, missingDefaults(spec, requests))),
    incoming: amountsOf(podRequests(containersOnly, DEFAULTS)),
  };
}

/** pkg/scheduler/framework/types.go, Resource.Add. */
export function amountsOf(sums: ReadonlyMap<string, number>): Amounts {
  const scalars = new Map<string, number>();
  for (const [resource, amount] of sums) if (isScalar(resource)) scalars.set(resource, amount);
  return {
    cpuMilli: sums.get('cpu') ?? 0,
    memoryBytes: sums.get('memory') ?? 0,
    ephemeralStorageBytes: sums.get('ephemeral-storage') ?? 0,
    scalars,
  };
}

/**
 * k8s.io/apimachinery resource.Quantity: MilliValue of CPU, Value of the rest, both rounded up. 0 when the
 * text is no quantity.
 */
export function amountOf(resource: string, quantity: string): number {
  const milli = parseCpuMilli(quantity) ?? 0;
  if (resource === 'cpu') return Math.ceil(milli);
  // A product of floats may lie a hair above the whole number of bytes that it stands for.
  const nearest = Math.round(milli / 1000);
  return Math.abs(milli / 1000 - nearest) < 1e-3 ? nearest : Math.ceil(milli / 1000);
}

/** k8s.io/component-helpers resource.PodRequests. */
function podRequests(spec: TracePodSpec, defaults: ReadonlyMap<string, number>): Sums {
  const sums = containerRequests(spec, defaults);
  for (const [resource, quantity] of Object.entries(spec.resources?.requests ?? {})) {
    if (isPodLevel(resource)) sums.set(resource, amountOf(resource, quantity));
  }
  addAll(sums, amountsByName(spec.overhead));
  return sums;
}

/**
 * AggregateContainerRequests: containers and sidecars together, or the most demanding init container with the
 * sidecars started before it, whichever is more, of each resource.
 */
function containerRequests(
  { containers, initContainers = [] }: TracePodSpec,
  defaults: ReadonlyMap<string, number>,
): Sums {
  const sums: Sums = new Map();
  for (const container of containers) addAll(sums, requestsOf(container, defaults));
  const sidecars: Sums = new Map();
  const initPeak: Sums = new Map();
  for (const container of initContainers) {
    const requests = requestsOf(container, defaults);
    if (container.restartPolicy === 'Always') {
      addAll(sums, requests);
      addAll(sidecars, requests);
      raiseAll(initPeak, sidecars);
    } else {
      addAll(requests, sidecars);
      raiseAll(initPeak, requests);
    }
  }
  raiseAll(sums, initPeak);
  return sums;
}

/** The API server fills a missing request with the limit before a pod is stored; a trace may not have. */
function requestsOf({ resources }: Container, defaults: ReadonlyMap<string, number>): Sums {
  const amounts: Sums = amountsByName(resources?.limits);
  for (const [resource, amount] of amountsByName(resources?.requests)) amounts.set(resource, amount);
  for (const [resource, amount] of defaults) if (!amounts.has(resource)) amounts.set(resource, amount);
  return amounts;
}

/** framework/types.go, getNonMissingContainerRequests: with pod-level requests only what nothing requests. */
function missingDefaults(spec: TracePodSpec, requests: Sums): ReadonlyMap<string, number> {
  const podLevel = Object.keys(spec.resources?.requests ?? {}).some(isPodLevel);
  if (!podLevel) return DEFAULTS;
  return new Map(Array.from(DEFAULTS).filter(([resource]) => !requests.has(resource)));
}

function amountsByName(quantities: Quantities | undefined): Sums {
  const amounts: Sums = new Map();
  for (const resource in quantities) amounts.set(resource, amountOf(resource, quantities[resource] ?? '0'));
  return amounts;
}

function addAll(sums: Sums, added: ReadonlyMap<string, number>): void {
  for (const [resource, amount] of added) sums.set(resource, (sums.get(resource) ?? 0) + amount);
}

function raiseAll(sums: Sums, least: ReadonlyMap<string, number>): void {
  for (const [resource, amount] of least) sums.set(resource, Math.max(sums.get(resource) ?? 0, amount));
}

/** component-helpers resource.IsSupportedPodLevelResource. */
function isPodLevel(resource: string): boolean {
  return resource === 'cpu' || resource === 'memory' || resource.startsWith('hugepages-');
}

/** pkg/scheduler/util/utils.go, IsScalarResourceName: a domain's resource, huge pages, attachable volumes. */
function isScalar(resource: string): boolean {
  return (
    resource.includes('/') || resource.startsWith('hugepages-') || resource.startsWith('attachable-volumes-')
  );
}
