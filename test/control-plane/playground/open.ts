import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Binaries } from '../harness/build.ts';
import { REPOSITORY } from '../harness/configs.ts';
import { applyDeployment } from '../harness/deploy.ts';
import { cloud, edge } from '../harness/objects.ts';
import { ControlPlane } from '../harness/plane.ts';
import { Stage } from '../harness/stage.ts';
import type { PlaygroundTrace } from './rehearsal.ts';

const run = promisify(execFile);

/** Its namespace, and the beginning of its nodes' names. */
const NAME = 'demo';

export interface Playground {
  readonly kubeconfig: string;
  /** Folder of kubectl. */
  readonly bin: string;
  readonly logs: string;
  readonly namespace: string;
  readonly nodes: readonly string[];
  /** Where Spillway answers. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface PlaygroundOptions {
  /** Without nodes. */
  readonly empty: boolean;
  /** Metrics are scraped, and Spillway is configured, as it says. */
  readonly trace: PlaygroundTrace | undefined;
  /** Whether it has been told to end while it was starting. */
  readonly stopped: () => boolean;
}

/** @returns undefined when it was stopped while it started; nothing runs then */
export async function openPlayground(
  binaries: Binaries,
  runDir: string,
  { empty, trace, stopped }: PlaygroundOptions,
): Promise<Playground | undefined> {
  await run(process.execPath, [join(REPOSITORY, 'scripts', 'build.mjs')]);
  if (stopped()) return undefined;
  const resolution = trace === undefined ? {} : { metricResolutionS: trace.resolutionS };
  const plane = await ControlPlane.start(binaries, runDir, resolution);
  try {
    const accounts = await applyDeployment(plane);
    const nodes = empty ? [] : [...edge(2, '2'), ...cloud(2, '8')];
    const stage = new Stage(plane, accounts, NAME, { nodes, spillway: trace?.configuration ?? {} });
    await stage.start();
    return {
      kubeconfig: join(runDir, 'admin.kubeconfig'),
      bin: dirname(binaries.kubectl),
      logs: join(runDir, 'logs'),
      namespace: NAME,
      nodes: stage.nodes,
      url: stage.spillway.managementUrl,
      // The cluster goes as a whole: there is no need to take its objects away one by one.
      close: () => plane.stop(),
    };
  } catch (error) {
    await plane.stop();
    // What was being started did not survive the signal: that is no error.
    if (stopped()) return undefined;
    throw error;
  }
}
