import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, cp, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

const MODULE = fileURLToPath(new URL('../controlplane', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** Without these the API server calls itself v0.0.0-master, and clients take it for an old one. */
const KUBERNETES = { version: 'v1.36.3', major: '1', minor: '36' } as const;
const VERSION_PACKAGE = 'k8s.io/component-base/version';
const BUILD_FLAGS = [
  '-trimpath',
  `-ldflags=-s -w -X ${VERSION_PACKAGE}.gitVersion=${KUBERNETES.version} -X ${VERSION_PACKAGE}.gitMajor=${KUBERNETES.major} -X ${VERSION_PACKAGE}.gitMinor=${KUBERNETES.minor}`,
] as const;

/** KWOK's own files that say how its nodes and pods behave; they lie in its module. */
const KWOK_FILES = [
  'stage/node/fast/node-initialize.yaml',
  'stage/node/heartbeat-with-lease/node-heartbeat-with-lease.yaml',
  'stage/node/chaos/node-not-ready.yaml',
  'stage/pod/fast/pod-ready.yaml',
  'stage/pod/fast/pod-complete.yaml',
  'stage/pod/fast/pod-delete.yaml',
  'metrics/resource/metrics-resource.yaml',
  'metrics/usage/usage-from-annotation.yaml',
] as const;

/** Where the control plane's programs lie, ready to run. */
export interface Binaries {
  readonly apiserver: string;
  readonly certificates: string;
  readonly controllerManager: string;
  readonly etcd: string;
  readonly kubectl: string;
  readonly kwok: string;
  readonly kwokConfigs: readonly string[];
  readonly metricsServer: string;
  readonly scheduler: string;
}

/**
 * Builds the control plane from `controlplane/go.mod`, unless the same build is in the cache already
 * (`.cache/` in the repository, or $SPILLWAY_CACHE). The first build takes minutes, with a warm Go build
 * cache it is a matter of seconds; the folder's name is a hash of all that went into it.
 */
export async function buildControlPlane(log: (line: string) => void): Promise<Binaries> {
  const cache = process.env['SPILLWAY_CACHE'] ?? join(REPOSITORY, '.cache');
  const goVersion = await findGo();
  const folder = join(cache, `controlplane-${await fingerprint(goVersion)}`);
  if (await exists(folder)) return binaries(folder);
  log(`Building the control plane with ${goVersion} into ${folder} (minutes, when Go's build cache is cold)`);
  const startedMs = Date.now();
  await mkdir(cache, { recursive: true });
  // Built aside and renamed: a folder of that name is always complete, even after Ctrl-C.
  const scratch = await mkdtemp(join(cache, 'building-'));
  try {
    await go(['build', ...BUILD_FLAGS, '-o', `${join(scratch, 'bin')}/`, 'tool', './certificates']);
    await copyKwokFiles(join(scratch, 'kwok'));
    await removeOlderBuilds(cache);
    await rename(scratch, folder);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  log(`Built the control plane in ${Math.round((Date.now() - startedMs) / 1000)} s`);
  return binaries(folder);
}

function binaries(folder: string): Binaries {
  const program = (name: string) => join(folder, 'bin', name);
  return {
    apiserver: program('kube-apiserver'),
    certificates: program('certificates'),
    controllerManager: program('kube-controller-manager'),
    etcd: program('server'), // go build names a program after its package
    kubectl: program('kubectl'),
    kwok: program('kwok'),
    kwokConfigs: KWOK_FILES.map((path) => join(folder, 'kwok', baseName(path))),
    metricsServer: program('metrics-server'),
    scheduler: program('kube-scheduler'),
  };
}

async function findGo(): Promise<string> {
  try {
    return (await go(['env', 'GOVERSION'])).trim();
  } catch (error) {
    const needed = /^go (\S+)/m.exec(await readFile(join(MODULE, 'go.mod'), 'utf8'))?.[1];
    const cause = error instanceof Error ? error.message : String(error);
    throw new Error(
      `The cluster tests build Kubernetes with Go ${needed} or later (https://go.dev/dl/). ${cause}`,
    );
  }
}

async function go(args: readonly string[]): Promise<string> {
  try {
    const { stdout } = await run('go', args, {
      cwd: MODULE,
      env: { ...process.env, CGO_ENABLED: '0', GOFLAGS: '-buildvcs=false', GOWORK: 'off' },
      maxBuffer: 64 * 1024 * 1024,
    });
    return stdout;
  } catch (error) {
    throw new Error(`go ${args[0]} failed: ${describeFailure(error)}`, { cause: error });
  }
}

function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'there is no program named go on the PATH';
  const stderr = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : error.message;
  return `\n${stderr.trimEnd().split('\n').slice(-30).join('\n')}`;
}

async function copyKwokFiles(folder: string): Promise<void> {
  const module = (await go(['list', '-m', '-f', '{{.Dir}}', 'sigs.k8s.io/kwok'])).trim();
  for (const path of KWOK_FILES) {
    await cp(join(module, 'kustomize', path), join(folder, baseName(path)));
  }
}

async function fingerprint(goVersion: string): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify([goVersion, BUILD_FLAGS, KWOK_FILES]));
  for (const name of ['go.mod', 'go.sum', 'certificates/main.go']) {
    hash.update(await readFile(join(MODULE, name)));
  }
  return hash.digest('hex').slice(0, 12);
}

/** Half a gigabyte each: one is kept. */
async function removeOlderBuilds(cache: string): Promise<void> {
  for (const name of await readdir(cache)) {
    if (name.startsWith('controlplane-')) await rm(join(cache, name), { recursive: true, force: true });
  }
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
