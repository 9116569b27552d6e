// A process of its own: the HTTP server over a picture that never changes. Argument: nodes. Prints its URL.
import { nodeSeen } from '../../src/picture/nodes.ts';
import { podSeen } from '../../src/picture/pods.ts';
import { sampleTaken } from '../../src/picture/samples.ts';
import { HttpServer } from '../../src/server/http-server.ts';
import { look, NOW_MS, nodeRecord, picture, podRecord } from '../builders.ts';
import { OPTIONS, parts } from '../server/harness.ts';
import { ASKED_ANNOTATIONS, askedPods } from './asked-pods.ts';

const nodeCount = Number(process.argv[2] ?? 100);
const made = picture();
const names = Array.from({ length: nodeCount }, (_, index) => `node-${index}`);
for (const [index, name] of names.entries()) {
  const labels: Record<string, string> = index % 3 === 0 ? {} : { 'node-role.kubernetes.io/edge': '' };
  nodeSeen(made, nodeRecord(name, { labels }));
}
for (const name of askedPods()) {
  podSeen(made, podRecord(name, { annotations: ASKED_ANNOTATIONS }), NOW_MS);
}
sampleTaken(made, look(Object.fromEntries(names.map((name) => [name, 500])), {}), NOW_MS);

const extender = { picture: made, now: () => NOW_MS, observer: {} };
const { port } = await new HttpServer(OPTIONS, parts({ extender })).start();
console.log(`http://127.0.0.1:${port}`);
