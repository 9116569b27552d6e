/** What a running kube-scheduler made of one pod. */
export interface RealAnswer {
  /** Nodes that passed the filters: of one the binding tells, of more their scores. */
  readonly feasible: readonly string[];
  readonly totals: Readonly<Record<string, number>>;
  /** Weighted, by plugin and node. */
  readonly scores: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Undefined when no node could take it. */
  readonly node: string | undefined;
  /** Why none could: `0/5 nodes are available: ...`. */
  readonly message: string | undefined;
}

const BOUND = '"Successfully bound pod to node"';
const NOT_FIT = '"Unable to schedule pod; no fit; waiting"';
const PLUGIN_SCORE = '"Plugin scored node for pod"';
const TOTAL = '"Calculated node\'s final score for pod"';

/** Whether the scheduler's log says what has become of a pod. */
export function isAnswered(lines: readonly string[], pod: string): boolean {
  return lines.some(
    (line) => (line.includes(BOUND) || line.includes(NOT_FIT)) && line.includes(`pod="${pod}"`),
  );
}

/** Reads a pod's first attempt out of the lines of klog's text format (`"message" key="value" key=1`). */
export function readAnswer(lines: readonly string[], pod: string): RealAnswer {
  const totals: Record<string, number> = {};
  const scores: Record<string, Record<string, number>> = {};
  for (const line of lines) {
    if (!line.includes(`pod="${pod}"`)) continue;
    const node = textOf(line, 'node');
    if (line.includes(NOT_FIT)) {
      return { feasible: [], totals, scores, node: undefined, message: textOf(line, 'err') };
    }
    if (line.includes(BOUND)) {
      return { feasible: feasibleNodes(line, Object.keys(totals)), totals, scores, node, message: undefined };
    }
    const score = Number(/ score=(-?\d+)/.exec(line)?.[1]);
    if (line.includes(TOTAL)) totals[node] = score;
    if (!line.includes(PLUGIN_SCORE)) continue;
    const plugin = textOf(line, 'plugin');
    scores[plugin] = { ...scores[plugin], [node]: score };
  }
  throw new Error(`the log does not say what has become of ${pod}`);
}

/** A pod that one node only can take is bound to it without scores. */
function feasibleNodes(bound: string, scored: readonly string[]): readonly string[] {
  const feasible = scored.length === 0 ? [textOf(bound, 'node')] : scored;
  const said = Number(/ feasibleNodes=(\d+)/.exec(bound)?.[1]);
  if (said !== feasible.length) throw new Error(`${feasible.length} nodes were scored, but: ${bound}`);
  return feasible;
}

function textOf(line: string, key: string): string {
  const quoted = new RegExp(` ${key}=("(?:[^"\\\\]|\\\\.)*")`).exec(line)?.[1];
  return quoted === undefined ? '' : JSON.parse(quoted);
}
