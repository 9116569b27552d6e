import { createAuthority } from '../fake/certificate.ts';
import { partsFor } from '../server/harness.ts';
import { askTls, startMutualTls } from '../server/mutual-tls.ts';
import { describeConformance } from './conformance.ts';

const authority = createAuthority('clients');
const scheduler = authority.issue('system:kube-scheduler');

describeConformance('over HTTPS with a client certificate', async (context) => {
  const tls = { clientNames: ['system:kube-scheduler'] };
  const { verbsUrl, close } = await startMutualTls(authority, { tls, parts: partsFor(context) });
  return { post: (verb, body) => askTls(`${verbsUrl}/${verb}`, scheduler, body), close };
});
