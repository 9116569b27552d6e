import { test as base, inject } from 'vitest';
import { applyDeployment } from './deploy.ts';
import { ControlPlane } from './plane.ts';
import { Stage, type StageOptions } from './stage.ts';

/**
 * One test object for all files, which run in one worker: vitest keeps what has the scope "worker" per test
 * object, so a second one would start a second control plane.
 */
const test = base
  .extend('run', { scope: 'worker' }, () => ({ binaries: inject('binaries'), runDir: inject('runDir') }))
  /** Started for the first file, stopped after the last. */
  .extend('plane', { scope: 'worker' }, async ({ run }, { onCleanup }) => {
    const plane = await ControlPlane.start(run.binaries, run.runDir);
    onCleanup(() => plane.stop());
    return plane;
  })
  .extend('accounts', { scope: 'worker' }, ({ plane }) => applyDeployment(plane))
  .extend('wanted', { scope: 'file' }, (): Wanted => {
    throw new Error('clusterTest() says which cluster a file wants');
  })
  .extend('stage', { scope: 'file' }, async ({ plane, accounts, wanted }, { onCleanup }) => {
    const stage = new Stage(plane, accounts, wanted.name, wanted.options);
    onCleanup(() => stage.stop());
    await stage.start();
    return stage;
  });

interface Wanted {
  readonly name: string;
  readonly options: StageOptions;
}

/**
 * One line in a test file says which cluster it wants:
 * `const test = clusterTest('burst', { nodes: [...edge(3, '4'), ...cloud(5, '32')] });`
 *
 * @param name the stage's namespace, and the beginning of its nodes' names
 */
export function clusterTest(name: string, options: StageOptions): typeof test {
  test.override('wanted', { scope: 'file' }, () => ({ name, options }));
  return test;
}

export { cloud, edge } from './objects.ts';
