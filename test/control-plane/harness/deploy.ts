import { join } from 'node:path';
import { REPOSITORY } from './configs.ts';
import type { ControlPlane } from './plane.ts';

export const SYSTEM = 'spillway-system';
/** Has the ClusterRole "spillway" and nothing else, where the pod's own account has a scheduler's rights too. */
export const EXTENDER_ACCOUNT = 'spillway-alone';

/** Kubeconfigs of the accounts that the programs run under. */
export interface Accounts {
  readonly extender: string;
  readonly scheduler: string;
}

/**
 * Applies deploy/kustomize as a user does. Its pods are not wanted here (KWOK would only pretend to run
 * them): the same programs run as processes, with the rights that were just granted.
 */
export async function applyDeployment(plane: ControlPlane): Promise<Accounts> {
  await plane.kubectl('apply', '--kustomize', join(REPOSITORY, 'deploy', 'kustomize'));
  await plane.kube.patch(`/apis/apps/v1/namespaces/${SYSTEM}/deployments/spillway`, {
    spec: { replicas: 0 },
  });
  await plane.kube.create(`/api/v1/namespaces/${SYSTEM}/serviceaccounts`, {
    metadata: { name: EXTENDER_ACCOUNT, namespace: SYSTEM },
  });
  await plane.kube.create('/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', {
    metadata: { name: EXTENDER_ACCOUNT },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'spillway' },
    subjects: [{ kind: 'ServiceAccount', name: EXTENDER_ACCOUNT, namespace: SYSTEM }],
  });
  const kubeconfig = async (account: string) =>
    plane.writeKubeconfig(account, await plane.serviceAccountConnection(SYSTEM, account));
  return { extender: await kubeconfig(EXTENDER_ACCOUNT), scheduler: await kubeconfig('spillway') };
}
