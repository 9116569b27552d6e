import { test as base, inject } from 'vitest';
import { applyDeployment } from './deploy.ts';
import { ControlPlane } from './plane.ts';
import { Stage, type StageOptions } from './stage.ts';

/** The control plane that test files share: started by the first, stopped after the last. */
const shared = base
  .extend('run', { scope: 'worker' }, () => ({ binaries: inject('binaries'), runDir: inject('runDir') }))
  .extend('plane', { scope: 'worker' }, async ({ run }, { onCleanup }) => {
    const plane = await ControlPlane.start(run.binaries, run.runDir);
    onCleanup(() => plane.stop());
    return plane;
  })
  .extend('accounts', { scope: 'worker' }, ({ plane }) => applyDeployment(plane));

/**
 * One line in a test file says which cluster it wants:
 * `const test = clusterTest('burst', { nodes: [...edge(3, '4'), ...cloud(5, '32')] });`
 *
 * @param name the stage's namespace, and the beginning of its nodes' names
 */
export function clusterTest(name: string, options: StageOptions) {
  return shared.extend('stage', { scope: 'file' }, async ({ plane, accounts }, { onCleanup }) => {
    const stage = new Stage(plane, accounts, name, options);
    onCleanup(() => stage.stop());
    await stage.start();
    return stage;
  });
}

export { cloud, edge } from './objects.ts';
