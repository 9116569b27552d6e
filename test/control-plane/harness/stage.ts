import { type OtherExtenders, type PlugIn, schedulerConfig } from './configs.ts';
import type { Accounts } from './deploy.ts';
import { nodesMeasured } from './metrics.ts';
import {
  agentPod,
  type Node,
  type NodeSpec,
  nodeObject,
  type Pod,
  type PodOptions,
  podTemplate,
} from './objects.ts';
import type { ControlPlane } from './plane.ts';
import type { Program } from './process.ts';
import { Spillway } from './spillway.ts';
import { until } from './wait.ts';

export interface SchedulerOptions {
  /** How kube-scheduler asks Spillway; what is not said is as in scheduler-config/. */
  readonly plugIn?: PlugIn;
  readonly nodeCacheCapable?: boolean;
  readonly ignorable?: boolean;
  readonly enableHTTPS?: boolean;
  readonly tlsConfig?: Readonly<Record<string, unknown>>;
  readonly others?: OtherExtenders;
}

export interface Setting {
  readonly scheduler?: SchedulerOptions;
  /** Changes to Spillway's configuration in deploy/kustomize. */
  readonly spillway?: Readonly<Record<string, unknown>>;
  /** How Spillway logs in, where it is not as deploy/ has it. */
  readonly kubeconfig?: string;
}

export interface StageOptions extends Setting {
  readonly nodes: readonly NodeSpec[];
}

/**
 * What one file of tests has to itself on a shared control plane: nodes, a namespace, Spillway, and a
 * kube-scheduler that asks it. Names begin with the namespace's, so that stages don't meet.
 */
export class Stage {
  readonly plane: ControlPlane;
  readonly namespace: string;
  readonly edge: string[] = [];
  readonly cloud: string[] = [];
  readonly #accounts: Accounts;
  readonly #options: StageOptions;
  #schedulerName = 'spillway';
  #spillway: Spillway | undefined;
  #scheduler: Program | undefined;

  constructor(plane: ControlPlane, accounts: Accounts, namespace: string, options: StageOptions) {
    this.plane = plane;
    this.namespace = namespace;
    this.#accounts = accounts;
    this.#options = options;
  }

  get spillway(): Spillway {
    if (this.#spillway === undefined) throw new Error('this stage runs without Spillway');
    return this.#spillway;
  }

  get scheduler(): Program {
    if (this.#scheduler === undefined) throw new Error('the scheduler has not been started');
    return this.#scheduler;
  }

  get nodes(): readonly string[] {
    return [...this.edge, ...this.cloud];
  }

  /** Nodes first, as their metrics take the longest: two scrapes. */
  async start(): Promise<void> {
    const { nodes } = this.#options;
    await this.plane.kube.create('/api/v1/namespaces', { metadata: { name: this.namespace } });
    await Promise.all(nodes.map((node) => this.addNode(node)));
    await nodesMeasured(this.plane.kube, this.nodes);
    await this.set({});
  }

  /** Starts Spillway and its scheduler, anew if they run, with changes to what the file's options say. */
  async set({ scheduler, spillway, kubeconfig = this.#accounts.extender }: Setting): Promise<void> {
    await this.#endPrograms();
    const { nodes: _, ...usual } = this.#options;
    const name = `spillway-${this.namespace}`;
    const config = { ...usual.spillway, ...spillway };
    const asking = { plugIn: 'second-scheduler', ...usual.scheduler, ...scheduler } as const;
    const { plugIn } = asking;
    this.#spillway = await Spillway.start(this.plane, { name, kubeconfig, plugIn, config });
    await this.#startScheduler(this.#spillway.url, asking);
  }

  /** Leaves nothing that the next stage's pods could be sent to; what is in the namespace goes with it. */
  async stop(): Promise<void> {
    await this.#endPrograms();
    await this.plane.startMissing();
    await Promise.all(this.nodes.map((node) => this.removeNode(node)));
    await this.plane.kube.remove(`/api/v1/namespaces/${this.namespace}`);
  }

  async #startScheduler(
    urlPrefix: string,
    options: SchedulerOptions & { readonly plugIn: PlugIn },
  ): Promise<void> {
    const { plugIn, others, ...extender } = options;
    const own = plugIn === 'second-scheduler';
    // In the default profile it is the cluster's own scheduler that asks Spillway.
    if (own) await this.plane.startMissing();
    else await this.plane.scheduler.stop();
    const kubeconfig = own ? this.#accounts.scheduler : this.plane.schedulerKubeconfig;
    const config = schedulerConfig(plugIn, kubeconfig, { urlPrefix, ...extender }, others);
    this.#schedulerName = own ? 'spillway' : 'default-scheduler';
    this.#scheduler = await this.plane.addScheduler(`kube-scheduler-${this.namespace}`, config, kubeconfig);
    await this.#scheduler.start();
  }

  async #endPrograms(): Promise<void> {
    await this.#scheduler?.stop();
    await this.#spillway?.program.stop();
  }

  /** Creates a node and gives its name. It is ready when this returns; metrics come later. */
  async addNode(spec: NodeSpec): Promise<string> {
    const { kube } = this.plane;
    const peers = spec.tier === 'edge' ? this.edge : this.cloud;
    const name = `${this.namespace}-${spec.tier}-${peers.length + 1}`;
    peers.push(name);
    await kube.create('/api/v1/nodes', nodeObject(name, spec));
    await kube.create('/api/v1/namespaces/kube-system/pods', agentPod(name));
    await until(`node ${name} to be ready`, async () => {
      const { spec: found, status } = await kube.get<Node>(`/api/v1/nodes/${name}`);
      const ready = status.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True');
      return ready === true && (found.taints ?? []).length === 0 ? true : undefined;
    });
    return name;
  }

  /** Takes a node out of the cluster; it stays on the lists, which say what there was. */
  async removeNode(name: string): Promise<void> {
    await this.plane.kube.remove(`/api/v1/nodes/${name}`);
    await this.plane.kube.remove(`/api/v1/namespaces/kube-system/pods/agent-${name}`);
  }

  /** Creates pods `PREFIX-1` to `PREFIX-COUNT`, all at once. */
  async createPods(prefix: string, count: number, options: PodOptions): Promise<void> {
    const { metadata, spec } = podTemplate({ schedulerName: this.#schedulerName, ...options });
    const path = `/api/v1/namespaces/${this.namespace}/pods`;
    const names = Array.from({ length: count }, (_, index) => `${prefix}-${index + 1}`);
    await Promise.all(
      names.map((name) => this.plane.kube.create(path, { metadata: { ...metadata, name }, spec })),
    );
  }

  async pods(): Promise<readonly Pod[]> {
    return this.plane.kube.list<Pod>(`/api/v1/namespaces/${this.namespace}/pods`);
  }

  async pod(name: string): Promise<Pod> {
    return this.plane.kube.get<Pod>(`/api/v1/namespaces/${this.namespace}/pods/${name}`);
  }

  /** Waits until so many pods of this namespace are bound, and counts them by node; empty nodes too. */
  async bound(count: number, timeoutMs = 60_000): Promise<Readonly<Record<string, number>>> {
    return until(
      `${count} pods bound`,
      async () => {
        const onNodes = (await this.pods()).flatMap(({ spec }) => spec.nodeName ?? []);
        if (onNodes.length < count) throw new Error(`${onNodes.length} are`);
        const counts = Object.fromEntries(this.nodes.map((node) => [node, 0]));
        for (const node of onNodes) counts[node] = (counts[node] ?? 0) + 1;
        return counts;
      },
      { timeoutMs },
    );
  }

  /** Waits until one pod is bound, and says where. */
  async boundTo(name: string, timeoutMs = 30_000): Promise<string> {
    return until(`pod ${name} bound`, async () => (await this.pod(name)).spec.nodeName, { timeoutMs });
  }

  async deletePods(): Promise<void> {
    await this.plane.kube.remove(`/api/v1/namespaces/${this.namespace}/pods`);
    await until('pods gone', async () => ((await this.pods()).length === 0 ? true : undefined));
  }
}
