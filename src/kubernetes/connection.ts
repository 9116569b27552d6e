import http from 'node:http';
import https from 'node:https';
import { urlToHttpOptions } from 'node:url';
import type { Cluster, KubeConfig } from '@kubernetes/client-node';
import { loadKubeconfig } from './kubeconfig.ts';

/** How to reach one API server, with the credentials as they are at the moment of each request. */
export interface Connection {
  /** The server's address, for messages. */
  readonly server: () => string;
  /** All that node:http(s) needs for a request of this path. Rejects when credentials cannot be had. */
  readonly prepare: (path: string) => Promise<PreparedRequest>;
  /** The credentials or the address did not work: they are read again before the next request. */
  readonly distrust: () => void;
  readonly close: () => void;
}

export interface PreparedRequest {
  readonly transport: typeof http | typeof https;
  readonly options: https.RequestOptions;
}

/** A dead peer is noticed after this and ten probes, a second apart (libuv's constants): within 40 s. */
export const TCP_KEEP_ALIVE_MS = 30_000;

/**
 * @param path a kubeconfig; undefined: KUBECONFIG, ~/.kube/config, or the pod's ServiceAccount
 * Throws when it cannot be read now; later failures to read it again leave the last good one in place.
 */
export function connectionFromKubeconfig(path?: string): Connection {
  let loaded = loadKubeconfig(path);
  let trusted = true;
  const agentOptions: http.AgentOptions = {
    keepAlive: true,
    keepAliveMsecs: TCP_KEEP_ALIVE_MS,
    maxFreeSockets: 4,
  };
  // One pool for all: node:https keeps connections of other certificates apart by itself.
  const secure = new https.Agent(agentOptions);
  const plain = new http.Agent(agentOptions);

  async function prepare(requestPath: string): Promise<PreparedRequest> {
    if (!trusted) {
      loaded = reloadOr(loaded, path);
      trusted = true;
    }
    const url = new URL(`${loaded.cluster.server.replace(/\/$/, '')}${requestPath}`);
    const { transport, own } =
      url.protocol === 'http:' ? { transport: http, own: plain } : { transport: https, own: secure };
    const options = await authorise(loaded.config);
    // An agent of client-node's own is kept only where there is a proxy, since only it knows how to use it.
    const agent = loaded.cluster.proxyUrl ? options.agent : own;
    return { transport, options: { ...options, ...urlToHttpOptions(url), agent } };
  }

  return {
    server: () => loaded.cluster.server,
    prepare,
    distrust: () => {
      trusted = false;
    },
    close: () => {
      secure.destroy();
      plain.destroy();
    },
  };
}

async function authorise(config: KubeConfig): Promise<https.RequestOptions> {
  const options: https.RequestOptions & { headers: http.OutgoingHttpHeaders } = { headers: {} };
  await config.applyToHTTPSOptions(options);
  const { Authorization: authorization } = options.headers;
  // A token file may end with a newline, which no header may hold.
  if (typeof authorization === 'string') options.headers['Authorization'] = authorization.trim();
  return options;
}

/** While a file is being replaced it may be gone or half written for a moment. */
function reloadOr(
  last: { config: KubeConfig; cluster: Cluster },
  path: string | undefined,
): { config: KubeConfig; cluster: Cluster } {
  try {
    return loadKubeconfig(path);
  } catch {
    return last;
  }
}
