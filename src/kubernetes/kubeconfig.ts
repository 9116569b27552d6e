import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { errorText } from './failure.ts';

/** What client-node falls back to when it finds nothing at all. */
const NOTHING_FOUND = 'http://localhost:8080';

/**
 * Reads the kubeconfig: this file, or by kubectl's rules (KUBECONFIG, ~/.kube/config, the ServiceAccount of
 * the pod). Throws an error that names the file and what is wrong with it.
 */
export function loadKubeconfig(path: string | undefined): { config: KubeConfig; cluster: Cluster } {
  const file = path ?? onlyFileOf(process.env['KUBECONFIG']);
  const where = file === undefined ? 'the default kubeconfig' : `kubeconfig ${file}`;
  const config = new KubeConfig();
  try {
    if (file === undefined) config.loadFromDefault();
    else loadFile(config, file);
  } catch (error) {
    throw new Error(`${where} cannot be read: ${errorText(error)}`);
  }
  const cluster = config.getCurrentCluster();
  if (cluster === null) {
    const context = config.getCurrentContext() ?? '';
    const allowed = config.getContexts().map(({ name }) => name);
    throw new Error(
      `${where}: current-context "${context}" names no cluster; its contexts are: ${allowed.join(', ') || 'none'}`,
    );
  }
  if (file === undefined && cluster.server === NOTHING_FOUND) {
    throw new Error(
      'no kubeconfig found: none was given, KUBECONFIG is not set, there is no ~/.kube/config, and this is no pod with a ServiceAccount',
    );
  }
  return { config: allowPlainHttp(config, cluster), cluster };
}

function onlyFileOf(variable: string | undefined): string | undefined {
  return variable === undefined || variable === '' || variable.includes(':') ? undefined : variable;
}

/**
 * client-node ignores `tokenFile`, which is what Kubernetes calls it, and would go on as anonymous. Its own
 * name for the same is an auth-provider with that file in its config; it reads the file again each minute.
 */
function loadFile(config: KubeConfig, file: string): void {
  const text = readFileSync(file, 'utf8');
  const document: unknown = parse(text);
  if (!isKubeconfig(document)) throw new Error('it is not a mapping with clusters, contexts and users');
  const folder = dirname(file);
  const users = (document.users ?? []).map((entry) => withTokenFile(entry, folder));
  config.loadFromString(JSON.stringify({ ...document, users }));
  config.makePathsAbsolute(folder);
}

interface UserEntry {
  readonly user?: { readonly tokenFile?: string; readonly token?: string } | null;
}

function withTokenFile(entry: UserEntry, folder: string): object {
  // As client-go has it, a token in place counts only if there is no file.
  const { tokenFile, token, ...user } = entry.user ?? {};
  if (tokenFile === undefined) return entry;
  const provider = { name: 'tokenFile', config: { tokenFile: resolve(folder, tokenFile) } };
  return { ...entry, user: { ...user, 'auth-provider': provider } };
}

function isKubeconfig(value: unknown): value is { readonly users?: readonly UserEntry[] | null } {
  if (typeof value !== 'object' || value === null) return false;
  return !('users' in value) || value.users === null || Array.isArray(value.users);
}

/** client-node refuses http:// unless verification of TLS is off; there is no TLS to verify. */
function allowPlainHttp(config: KubeConfig, current: Cluster): KubeConfig {
  if (!current.server.startsWith('http:')) return config;
  config.clusters = config.clusters.map((cluster) =>
    cluster.name === current.name ? { ...cluster, skipTLSVerify: true } : cluster,
  );
  return config;
}
