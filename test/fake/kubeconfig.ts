import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder of its own under the system's temporary one; the caller removes it. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'spillway-test-'));
}

/** Writes a kubeconfig into the folder and gives its path. JSON is YAML. */
export function writeKubeconfig(folder: string, server: string, user: object = {}): string {
  const path = join(folder, 'kubeconfig.yaml');
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'fake', cluster: { server } }],
    users: [{ name: 'tester', user }],
    contexts: [{ name: 'test', context: { cluster: 'fake', user: 'tester' } }],
    'current-context': 'test',
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
