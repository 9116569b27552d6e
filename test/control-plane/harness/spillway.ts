import { writeFileSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { answersOk } from './components.ts';
import { type PlugIn, REPOSITORY, spillwayConfig } from './configs.ts';
import type { ControlPlane } from './plane.ts';
import { freePorts } from './ports.ts';
import type { Program } from './process.ts';

const HOST = '127.0.0.1';

/** What tests read of `/debug/decisions`. */
export interface DecisionSeen {
  readonly pod: { readonly namespace: string; readonly name: string };
  readonly result: string;
  readonly reason: string;
  readonly nodes: readonly string[];
  readonly candidates: readonly CandidateSeen[];
}

interface CandidateSeen {
  readonly node: string;
  readonly tier?: string;
  readonly freshness?: string;
  readonly forecastMilli?: number;
  readonly estimateMilli?: number;
  readonly thresholdMilli?: number;
  readonly limitMilli?: number;
  readonly verdict: string;
  readonly reason: string;
}

/** What tests read of `/debug/nodes`. */
export interface NodeSeen {
  readonly name: string;
  readonly ready: boolean;
  readonly schedulable: boolean;
  readonly usageMilli?: number;
  readonly forecastMilli: number;
  readonly thresholdMilli?: number;
  readonly freshness: string;
  readonly pods: number;
  readonly reservations: number;
}

export interface SpillwayOptions {
  /** For its log. */
  readonly name: string;
  readonly kubeconfig: string;
  /** Default: second-scheduler. */
  readonly plugIn?: PlugIn;
  /** Changes to the `config.yaml` of that way of plugging in, in deploy/kustomize. */
  readonly config?: Readonly<Record<string, unknown>>;
}

/** The product, run as its users run it: `spillway serve --config FILE`, as a process. */
export class Spillway {
  readonly program: Program;
  /** Where the scheduler asks. */
  readonly url: string;
  /** Where all else is: the same, unless the configuration has a listener of its own for it. */
  readonly managementUrl: string;

  private constructor(program: Program, url: string, managementUrl: string) {
    this.program = program;
    this.url = url;
    this.managementUrl = managementUrl;
  }

  /** Starts it and waits until it is ready. Its ports stay the same over restarts. */
  static async start(plane: ControlPlane, options: SpillwayOptions): Promise<Spillway> {
    const { name, kubeconfig, plugIn = 'second-scheduler', config = {} } = options;
    const [port = 0, managementPort = 0] = await freePorts(2);
    const written = spillwayConfig(plugIn, { ...config, kubernetes: { kubeconfig } });
    const server = { ...written.server, bindAddress: HOST, port };
    if (server.management !== undefined) server.management = { bindAddress: HOST, port: managementPort };
    const file = join(plane.runDir, `${name}.yaml`);
    writeFileSync(file, stringify({ ...written, server }));
    const scheme = server.tls === undefined ? 'http' : 'https';
    const url = `${scheme}://${HOST}:${port}`;
    const managementUrl = server.management === undefined ? url : `${scheme}://${HOST}:${managementPort}`;
    const program = plane.addProgram({
      name,
      command: process.execPath,
      args: [join(REPOSITORY, 'dist', 'spillway.js'), 'serve', '--config', file],
      ready: () => answersOk(`${managementUrl}/readyz`),
    });
    await program.start();
    return new Spillway(program, url, managementUrl);
  }

  /** The decisions about one pod that are still in the ring, newest first. */
  async decisions(namespace: string, pod: string): Promise<readonly DecisionSeen[]> {
    const query = encodeURIComponent(`${namespace}/${pod}`);
    return JSON.parse(await this.text(`/debug/decisions?pod=${query}`)).decisions;
  }

  /** A node as Spillway sees it now; undefined when it does not know it. */
  async node(name: string): Promise<NodeSeen | undefined> {
    const { nodes }: { readonly nodes: readonly NodeSeen[] } = JSON.parse(await this.text('/debug/nodes'));
    return nodes.find((node) => node.name === name);
  }

  async text(path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const get = this.managementUrl.startsWith('https:') ? getHttps : getHttp;
      const options = { agent: false, rejectUnauthorized: false, timeout: 10_000 } as const;
      const outgoing = get(`${this.managementUrl}${path}`, options, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.once('end', () => {
          const text = Buffer.concat(chunks).toString();
          if (response.statusCode === 200) resolve(text);
          else reject(new Error(`GET ${path}: ${response.statusCode} ${text.slice(0, 500)}`));
        });
      });
      outgoing.once('timeout', () => outgoing.destroy(new Error(`GET ${path}: no answer`)));
      outgoing.once('error', reject);
    });
  }

  /** The sum of a metric's series that have all of these labels. */
  async metric(name: string, labels: Readonly<Record<string, string>> = {}): Promise<number> {
    const wanted = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
    return (await this.text('/metrics'))
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
      .filter((line) => wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
  }
}
