import { writeFileSync } from 'node:fs';
import { get as getHttp } from 'node:http';
import { get as getHttps } from 'node:https';
import { join } from 'node:path';
import type { Binaries } from './build.ts';
import type { ProgramSpec } from './process.ts';

/** What the command lines of the control plane have in common. */
export interface Site {
  readonly binaries: Binaries;
  readonly runDir: string;
  /** Folder of the keys and certificates. */
  readonly pki: string;
  readonly adminKubeconfig: string;
  readonly ports: Ports;
  /** Added to the command lines; where a flag is there already, the last one holds. */
  readonly flags: ComponentFlags;
}

export interface ComponentFlags {
  readonly apiserver?: readonly string[];
  readonly controllerManager?: readonly string[];
}

interface Ports {
  readonly apiserver: number;
  readonly controllerManager: number;
  readonly etcd: number;
  readonly etcdPeer: number;
  readonly kwok: number;
  readonly metricsServer: number;
}

const ALLOW_PROBES = '--authorization-always-allow-paths=/healthz,/readyz,/livez,/metrics';

export function etcd({ binaries, runDir, ports }: Site): ProgramSpec {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  return {
    name: 'etcd',
    command: binaries.etcd,
    args: [
      `--data-dir=${join(runDir, 'etcd')}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      '--unsafe-no-fsync', // the data need not survive the machine
      '--log-level=warn',
    ],
    ready: () => answersOk(`${client}/health`),
  };
}

export function apiserver({ binaries, pki, ports, flags }: Site, loadTest: boolean): ProgramSpec {
  const file = (name: string) => join(pki, name);
  return {
    name: 'kube-apiserver',
    command: binaries.apiserver,
    args: [
      `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
      '--bind-address=127.0.0.1',
      '--advertise-address=127.0.0.1',
      `--secure-port=${ports.apiserver}`,
      '--endpoint-reconciler-type=none',
      '--authorization-mode=Node,RBAC',
      `--tls-cert-file=${file('server.crt')}`,
      `--tls-private-key-file=${file('server.key')}`,
      `--client-ca-file=${file('ca.crt')}`,
      `--service-account-key-file=${file('service-account.key')}`,
      `--service-account-signing-key-file=${file('service-account.key')}`,
      '--service-account-issuer=https://kubernetes.default.svc',
      '--service-cluster-ip-range=10.96.0.0/16',
      `--proxy-client-cert-file=${file('front-proxy.crt')}`,
      `--proxy-client-key-file=${file('front-proxy.key')}`,
      `--requestheader-client-ca-file=${file('ca.crt')}`,
      // One CA for clients and the proxy: without the name, any client could pose as the proxy.
      '--requestheader-allowed-names=front-proxy',
      '--requestheader-username-headers=X-Remote-User',
      '--requestheader-group-headers=X-Remote-Group',
      '--requestheader-extra-headers-prefix=X-Remote-Extra-',
      // Pods need no token here, and the default ServiceAccount comes late for a test's first pod.
      '--disable-admission-plugins=ServiceAccount',
      ...(loadTest
        ? [
            '--enable-priority-and-fairness=false',
            '--max-requests-inflight=0',
            '--max-mutating-requests-inflight=0',
          ]
        : []),
      ...(flags.apiserver ?? []),
    ],
    ready: () => answersOk(`https://127.0.0.1:${ports.apiserver}/readyz`),
  };
}

export function controllerManager(site: Site, loadTest: boolean): ProgramSpec {
  const { binaries, pki, ports, adminKubeconfig, flags } = site;
  return {
    name: 'kube-controller-manager',
    command: binaries.controllerManager,
    args: [
      `--kubeconfig=${adminKubeconfig}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${ports.controllerManager}`,
      `--tls-cert-file=${join(pki, 'server.crt')}`,
      `--tls-private-key-file=${join(pki, 'server.key')}`,
      `--root-ca-file=${join(pki, 'ca.crt')}`,
      `--service-account-private-key-file=${join(pki, 'service-account.key')}`,
      '--leader-elect=false',
      ALLOW_PROBES,
      // The default of 20 requests a second makes 200 replicas a matter of ten seconds.
      ...(loadTest
        ? ['--kube-api-qps=5000', '--kube-api-burst=10000']
        : ['--kube-api-qps=200', '--kube-api-burst=400']),
      ...(flags.controllerManager ?? []),
    ],
    ready: () => answersOk(`https://127.0.0.1:${ports.controllerManager}/healthz`),
  };
}

export function kwok({ binaries, ports, adminKubeconfig }: Site): ProgramSpec {
  return {
    name: 'kwok',
    command: binaries.kwok,
    args: [
      `--kubeconfig=${adminKubeconfig}`,
      ...binaries.kwokConfigs.map((path) => `--config=${path}`),
      '--manage-all-nodes=true',
      '--node-ip=',
      '--node-name=localhost',
      `--node-port=${ports.kwok}`,
      `--server-address=127.0.0.1:${ports.kwok}`,
      '--node-lease-duration-seconds=40',
    ],
    ready: () => answersOk(`http://127.0.0.1:${ports.kwok}/healthz`),
  };
}

export function metricsServer(site: Site, resolutionS: number): ProgramSpec {
  const { binaries, pki, ports, adminKubeconfig } = site;
  return {
    name: 'metrics-server',
    command: binaries.metricsServer,
    args: [
      `--kubeconfig=${adminKubeconfig}`,
      `--authentication-kubeconfig=${adminKubeconfig}`,
      `--authorization-kubeconfig=${adminKubeconfig}`,
      '--kubelet-preferred-address-types=Hostname,InternalIP,ExternalIP',
      '--kubelet-use-node-status-port',
      '--kubelet-insecure-tls',
      `--metric-resolution=${resolutionS}s`,
      '--kubelet-request-timeout=5s', // its default of 10 s must be below the resolution
      '--v=2', // says when it scrapes which node, to the microsecond
      '--bind-address=127.0.0.1',
      `--secure-port=${ports.metricsServer}`,
      `--tls-cert-file=${join(pki, 'server.crt')}`,
      `--tls-private-key-file=${join(pki, 'server.key')}`,
    ],
    // Not /readyz: that waits for the first metrics, and there may be no node yet.
    ready: () => answersOk(`https://127.0.0.1:${ports.metricsServer}/livez`),
  };
}

export interface SchedulerRun {
  /** For logs: one plane can run several. */
  readonly name: string;
  readonly config: object;
  readonly port: number;
  readonly kubeconfig: string;
  /** Added to the command line. */
  readonly flags?: readonly string[];
}

export function scheduler(site: Site, run: SchedulerRun): ProgramSpec {
  const { name, config, port, kubeconfig, flags = [] } = run;
  const file = join(site.runDir, `${name}.json`);
  writeFileSync(file, JSON.stringify(config, null, 2));
  return {
    name,
    command: site.binaries.scheduler,
    args: [
      `--config=${file}`,
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--tls-cert-file=${join(site.pki, 'server.crt')}`,
      `--tls-private-key-file=${join(site.pki, 'server.key')}`,
      `--authentication-kubeconfig=${kubeconfig}`,
      `--authorization-kubeconfig=${kubeconfig}`,
      ALLOW_PROBES,
      ...flags,
    ],
    ready: () => answersOk(`https://127.0.0.1:${port}/readyz`),
  };
}

/** Whether a GET answers 200. The server is not verified: it says "ready" and nothing else that counts. */
export function answersOk(url: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const options = { agent: false, rejectUnauthorized: false, timeout: 5000 } as const;
    const get = url.startsWith('https:') ? getHttps : getHttp;
    const outgoing = get(url, options, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    outgoing.once('timeout', () => outgoing.destroy(new Error(`${url}: no answer`)));
    outgoing.once('error', reject);
  });
}
