import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { ROOT } from '../bench/processes.ts';
import { temporaryFolder } from '../fake/kubeconfig.ts';
import { attack } from './attacker.ts';
import { type FakeCluster, startFakeCluster } from './cluster.ts';
import { startGoodAsker } from './good-asker.ts';
import { answerAt, differences, pictureAt } from './picture.ts';
import { type Run, Tally } from './report.ts';
import { type Memory, memoryOfManifest, startTarget, type Target } from './target.ts';

export interface PlayOptions {
  readonly seed: number;
  readonly from: number;
  readonly to: number;
  /** Only those of this family. */
  readonly family?: string | undefined;
  readonly onProgress?: (played: number) => void;
}

const PROGRESS_EVERY = 1000;
/** The reservations' time, and a few samples for the gates. */
const SETTLE_TIMEOUT_MS = 20_000;

/** Builds the service, starts it beside a fake API server, and plays the attacks while a good asker asks. */
export async function play(options: PlayOptions): Promise<Run> {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: ROOT, stdio: 'inherit' });
  const folder = temporaryFolder();
  const cluster = await startFakeCluster();
  const memory = memoryOfManifest();
  try {
    const target = await startTarget(folder, cluster.api.url, memory);
    try {
      return await playOn({ options, target, cluster, memory, folder });
    } finally {
      await target.stop();
    }
  } finally {
    await cluster.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Stage {
  readonly options: PlayOptions;
  readonly target: Target;
  readonly cluster: FakeCluster;
  readonly memory: Memory;
  readonly folder: string;
}

/** What is known before the good asker and the picture have been asked. */
type Attacked = Omit<Run, 'good' | 'picture' | 'answer'>;

async function playOn(stage: Stage): Promise<Run> {
  const { target, folder } = stage;
  const before = await pictureAt(target.url);
  const answerBefore = await answerAt(target.url);
  const asker = startGoodAsker(target.port, folder);
  try {
    const attacked = await attackTarget(stage);
    const good = await asker.stop();
    if (attacked.crash !== undefined) {
      return { ...attacked, good, picture: undefined, answer: undefined };
    }
    const picture = await differences(target.url, before, SETTLE_TIMEOUT_MS);
    const answer = { before: answerBefore, after: await answerAt(target.url) };
    return { ...attacked, good, picture, answer };
  } finally {
    asker.kill();
  }
}

async function attackTarget({ options, target, cluster, memory }: Stage): Promise<Attacked> {
  const { seed } = options;
  const tally = new Tally();
  // On two cores the attacker must not take the time of those whose time is measured.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const startedMs = performance.now();
  let played = 0;
  const attacker = attack({
    ...options,
    port: target.port,
    api: cluster.api,
    ended: () => target.ending() !== undefined,
    onPlayed: (each) => {
      // Whatever is under way at a crash has no answer; the crash is what there is to say.
      if (target.ending() === undefined) tally.add(each);
      played += 1;
      if (played % PROGRESS_EVERY === 0) options.onProgress?.(played);
    },
  });
  let underWay: readonly number[] = [];
  target.onEnd(() => {
    underWay = attacker.underWay();
  });
  await attacker.done;
  const how = target.ending();
  return {
    seed,
    requests: played,
    seconds: (performance.now() - startedMs) / 1000,
    families: tally.families(),
    undocumented: tally.undocumented,
    unanswered: tally.unanswered,
    crash: how === undefined ? undefined : { how, underWay },
    errors: target.errors(),
    peakRssBytes: target.peakRssBytes(),
    limitBytes: memory.limitBytes,
  };
}
