import { relative } from 'node:path';
import type { Playground } from './open.ts';

/** What to type, in another terminal: every line can be pasted as it is. */
export function instructions(playground: Playground, repository: string): string {
  const { kubeconfig, bin, logs, url, namespace, nodes } = playground;
  const sample = relative(process.cwd(), `${repository}test/control-plane/playground/sample.yaml`);
  const first = [
    'Kubernetes runs. In another terminal:',
    '',
    `  export KUBECONFIG=${kubeconfig} PATH=${bin}:$PATH`,
  ];
  const trying =
    nodes.length === 0
      ? [
          '  kubectl get all --all-namespaces',
          `  npx spillway rehearse --trace e1.json --kubeconfig ${kubeconfig} --spillway ${url}`,
        ]
      : [
          '  kubectl get nodes',
          '  kubectl top nodes',
          `  kubectl apply --filename ${sample}             # four pods of 150m`,
          `  kubectl --namespace ${namespace} scale deployment hello --replicas 30`,
          `  kubectl --namespace ${namespace} get pods --output wide --watch`,
          `  kubectl cordon ${nodes[0]}                     # and uncordon`,
        ];
  const spillway = [
    '',
    'Spillway:',
    `  curl '${url}/status.json'                version, readiness, counts`,
    `  curl '${url}/debug/nodes'                what it knows of the nodes`,
    `  curl '${url}/debug/decisions?limit=1'    its last decision, and why`,
    `  curl '${url}/metrics'`,
  ];
  return [...first, ...trying, ...spillway, '', `Logs: ${logs}`, 'Ctrl-C ends it all.'].join('\n');
}
