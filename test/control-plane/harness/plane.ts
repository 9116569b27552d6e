import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from './build.ts';
import * as components from './components.ts';
import { type Connection, createKubeClient, type KubeClient, type KubeObject, kubeconfig } from './kube.ts';
import { registerMetrics } from './metrics.ts';
import { freePort, freePorts } from './ports.ts';
import { Program, type ProgramSpec } from './process.ts';

const run = promisify(execFile);

export interface PlaneOptions {
  /** Seconds between two scrapes; metrics-server takes no less than 10. Default 10. */
  readonly metricResolutionS?: number;
  /** Parts that a test has no use for. */
  readonly without?: readonly ('controllerManager' | 'kwok' | 'metricsServer' | 'scheduler')[];
  /** Lifts the limits of clients and server that a burst of thousands would run into. */
  readonly loadTest?: boolean;
  /** Added to the command lines of these parts. */
  readonly flags?: components.ComponentFlags;
}

/** Who a program is for the API server. */
export type Identity = 'admin' | 'kube-scheduler';

/**
 * A Kubernetes control plane of plain processes on loopback: etcd, kube-apiserver, kube-controller-manager,
 * metrics-server, kube-scheduler (the default one, without extender), and KWOK in the place of kubelets.
 * Each part can be stopped, killed and started again while a test runs.
 */
export class ControlPlane {
  readonly etcd: Program;
  readonly apiserver: Program;
  readonly controllerManager: Program;
  readonly kwok: Program;
  readonly metricsServer: Program;
  readonly scheduler: Program;
  readonly kube: KubeClient;
  readonly runDir: string;
  /** Of the user that the default scheduler runs as. */
  readonly schedulerKubeconfig: string;
  readonly #site: components.Site;
  readonly #extra: Program[] = [];
  readonly #without: ReadonlySet<string>;

  private constructor(site: components.Site, schedulerPort: number, options: PlaneOptions) {
    const { metricResolutionS = 10, without = [], loadTest = false } = options;
    const program = (spec: ProgramSpec) => new Program(spec, site.runDir);
    this.runDir = site.runDir;
    this.#site = site;
    this.#without = new Set(without);
    this.kube = createKubeClient(this.connection('admin'));
    this.etcd = program(components.etcd(site));
    this.apiserver = program(components.apiserver(site, loadTest));
    this.controllerManager = program(components.controllerManager(site, loadTest));
    this.kwok = program(components.kwok(site));
    this.metricsServer = program(components.metricsServer(site, metricResolutionS));
    this.schedulerKubeconfig = this.writeKubeconfig('kube-scheduler', this.connection('kube-scheduler'));
    const defaultScheduler = {
      name: 'kube-scheduler',
      config: defaultSchedulerConfig(this.schedulerKubeconfig),
      port: schedulerPort,
      kubeconfig: this.schedulerKubeconfig,
    };
    this.scheduler = program(components.scheduler(site, defaultScheduler));
  }

  /** Starts it all; on failure nothing is left running and the error ends with the log of what failed. */
  static async start(binaries: Binaries, runDir: string, options: PlaneOptions = {}): Promise<ControlPlane> {
    const pki = join(runDir, 'pki');
    mkdirSync(pki, { recursive: true });
    await run(binaries.certificates, [pki]);
    const ports = await freePorts(7);
    const [apiserver = 0, controllerManager = 0, etcd = 0, etcdPeer = 0, kwok = 0, metricsServer = 0] = ports;
    const site: components.Site = {
      binaries,
      runDir,
      pki,
      adminKubeconfig: join(runDir, 'admin.kubeconfig'),
      ports: { apiserver, controllerManager, etcd, etcdPeer, kwok, metricsServer },
      flags: options.flags ?? {},
    };
    const plane = new ControlPlane(site, ports[6] ?? 0, options);
    plane.writeKubeconfig('admin', plane.connection('admin'));
    try {
      await plane.startMissing();
      if (!plane.#without.has('metricsServer')) await registerMetrics(plane.kube, metricsServer);
    } catch (error) {
      await plane.stop();
      throw error;
    }
    return plane;
  }

  /** Starts what is not running: all of it at first, later what a test has stopped. */
  async startMissing(): Promise<void> {
    if (!this.etcd.running) await this.etcd.start();
    if (!this.apiserver.running) await this.apiserver.start();
    const rest = (['controllerManager', 'kwok', 'metricsServer', 'scheduler'] as const)
      .filter((part) => !this.#without.has(part) && !this[part].running)
      .map((part) => this[part]);
    await Promise.all(rest.map((part) => part.start()));
  }

  /** Clients first, the store last: nobody logs errors about a peer that went before it. */
  async stop(): Promise<void> {
    const clients = [this.scheduler, this.metricsServer, this.kwok, this.controllerManager];
    await Promise.all([...this.#extra, ...clients].map((each) => each.stop()));
    await this.apiserver.stop();
    await this.etcd.stop();
    this.kube.close();
  }

  connection(identity: Identity): Connection {
    return {
      server: `https://127.0.0.1:${this.#site.ports.apiserver}`,
      ca: readFileSync(join(this.#site.pki, 'ca.crt'), 'utf8'),
      cert: readFileSync(join(this.#site.pki, `${identity}.crt`), 'utf8'),
      key: readFileSync(join(this.#site.pki, `${identity}.key`), 'utf8'),
    };
  }

  /** The connection of a ServiceAccount. */
  async serviceAccountConnection(namespace: string, name: string): Promise<Connection> {
    return { ...this.anonymous(), token: await this.serviceAccountToken(namespace, name) };
  }

  /** Where the API server is, without saying who asks. */
  anonymous(): Connection {
    const { server, ca } = this.connection('admin');
    return { server, ca };
  }

  /**
   * A token as the kubelet would have given it to a pod.
   *
   * @param secret of the same namespace: the token is worth nothing any more when this Secret is gone, as a
   *   pod's is when the pod is gone
   */
  async serviceAccountToken(namespace: string, name: string, secret?: KubeObject): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const { name: secretName, uid } = secret?.metadata ?? {};
    const boundObjectRef = { apiVersion: 'v1', kind: 'Secret', name: secretName, uid };
    const answer = await this.kube.create<{ readonly status: { readonly token: string } }>(path, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: { expirationSeconds: 3600, ...(secret === undefined ? {} : { boundObjectRef }) },
    });
    return answer.status.token;
  }

  /** @returns the path of the file */
  writeKubeconfig(name: string, connection: Connection): string {
    const path = join(this.runDir, `${name}.kubeconfig`);
    writeFileSync(path, kubeconfig(connection), { mode: 0o600 });
    return path;
  }

  /** A program beside the control plane, stopped with it at the latest. Not started yet. */
  addProgram(spec: ProgramSpec): Program {
    const program = new Program(spec, this.runDir);
    this.#extra.push(program);
    return program;
  }

  /** A further kube-scheduler. Not started yet. */
  async addScheduler(
    name: string,
    config: object,
    kubeconfigPath: string,
    options: { readonly port?: number; readonly flags?: readonly string[] } = {},
  ): Promise<Program> {
    const { port = await freePort(), flags = [] } = options;
    return this.addProgram(
      components.scheduler(this.#site, { name, config, port, kubeconfig: kubeconfigPath, flags }),
    );
  }

  /** As the administrator. */
  async kubectl(...args: readonly string[]): Promise<string> {
    return this.#kubectl(this.#site.adminKubeconfig, args);
  }

  /** Whether the user of a kubeconfig has a right, for all namespaces. */
  async canI(kubeconfigPath: string, verb: string, resource: string): Promise<boolean> {
    const [kind = '', subresource] = resource.split('/');
    const args = ['auth', 'can-i', verb, kind, '--all-namespaces'];
    if (subresource !== undefined) args.push(`--subresource=${subresource}`);
    try {
      return (await this.#kubectl(kubeconfigPath, args)).trim() === 'yes';
    } catch (error) {
      // kubectl says "no" by its exit code, too
      if (error instanceof Error && 'stdout' in error && String(error.stdout).trim() === 'no') return false;
      throw error;
    }
  }

  async #kubectl(kubeconfigPath: string, args: readonly string[]): Promise<string> {
    const { stdout } = await run(this.#site.binaries.kubectl, [`--kubeconfig=${kubeconfigPath}`, ...args]);
    return stdout;
  }
}

export function defaultSchedulerConfig(kubeconfigPath: string): object {
  return {
    apiVersion: 'kubescheduler.config.k8s.io/v1',
    kind: 'KubeSchedulerConfiguration',
    clientConnection: { kubeconfig: kubeconfigPath },
    leaderElection: { leaderElect: false },
  };
}
