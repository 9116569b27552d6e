import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Config, defaultConfig, pictureSettings } from '../../src/config/config.ts';
import { readConfig } from '../../src/config/read.ts';
import { resolvePolicy } from '../../src/placement/policy.ts';
import { type ConfigProblem, formatProblems } from '../../src/reading/problems.ts';

const HEAD = 'apiVersion: spillway.dev/v1alpha1\nkind: SpillwayConfiguration\n';

function configOf(yaml: string): Config {
  const result = readConfig(HEAD + yaml);
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.config;
}

function problemsOf(text: string): readonly ConfigProblem[] {
  const result = readConfig(text);
  return result.ok ? [] : result.problems;
}

describe('a configuration', () => {
  it('that says nothing is the default', () => {
    expect(configOf('')).toEqual(defaultConfig());
  });

  it.each<[string, string, (config: Config) => unknown, unknown]>([
    ['a duration', 'load: {lead: 1m30s}', ({ load }) => load.leadMs, 90_000],
    ['a duration of nothing', 'load: {lead: 0s}', ({ load }) => load.leadMs, 0],
    ['CPU in millicores', 'load: {defaultCpu: 250m}', ({ load }) => load.defaultMilli, 250],
    ['CPU in cores, a number in YAML', 'load: {defaultCpu: 0.15}', ({ load }) => load.defaultMilli, 150],
    ['resume of a threshold', 'placement: {threshold: 0.6}', ({ placement }) => placement.resumeRatio, 0.55],
    ['resume of a tiny one', 'placement: {threshold: 0.04}', ({ placement }) => placement.resumeRatio, 0.02],
    ['an own resume', 'placement: {resume: 0.5}', ({ placement }) => placement.resumeRatio, 0.5],
    [
      'threshold, resume and limit in one',
      'placement: {threshold: 1, resume: 1, limit: 1}',
      ({ placement }) => [placement.resumeRatio, placement.limitRatio],
      [1, 1],
    ],
    ['`off`, which YAML 1.2 leaves a word', 'placement: {default: off}', (c) => c.placement.default, 'off'],
    ['no TLS', 'server: {port: 0}', ({ server }) => server.tls, undefined],
    [
      'TLS',
      'server: {tls: {certFile: a.crt, keyFile: a.key}}',
      ({ server }) => server.tls,
      { certFile: 'a.crt', keyFile: 'a.key' },
    ],
    ['no kubeconfig', 'kubernetes: {kubeconfig: ""}', (c) => c.kubernetes.kubeconfig, undefined],
    ['a kubeconfig', 'kubernetes: {kubeconfig: /a/b}', (c) => c.kubernetes.kubeconfig, '/a/b'],
    ['a site label', 'tiers: {siteLabel: example.com/site}', (c) => c.tiers.siteLabel, 'example.com/site'],
    ['an empty selector: every node is edge', 'tiers: {edgeSelector: {}}', (c) => c.tiers.edgeSelector, {}],
    [
      'an own selector, in place of the default',
      'tiers: {edgeSelector: {matchLabels: {tier: edge}}}',
      (c) => c.tiers.edgeSelector,
      { matchLabels: { tier: 'edge' } },
    ],
    ['no rules at all', 'placement: {rules: []}', (c) => c.placement.rules, []],
    [
      'a rule, its values as numbers and as text',
      'placement: {rules: [{set: {cpuThreshold: 0.7, cpuEstimate: 1, edgeShare: 80%, cloudMin: 1, load: own}}]}',
      (c) => c.placement.rules[0]?.policy,
      { thresholdRatio: 0.7, estimateMilli: 1000, edgeShareRatio: 0.8, cloudMinPods: 1, sharing: 'own' },
    ],
    ['YAML anchors', 'load: {lead: &a 20s}\nmetrics: {timeout: *a}', (c) => c.metrics.timeoutMs, 20_000],
  ])('takes %s', (_name, yaml, read, expected) => {
    expect(read(configOf(yaml))).toEqual(expected);
  });

  it.each(['app=web', 'app==web,tier!=batch', 'env in (a, b),!legacy', 'example.com/a notin (x),b', 'a='])(
    'takes the label selector %s',
    (selector) => {
      expect(configOf(`metrics: {podSelector: "${selector}"}`).metrics.podSelector).toBe(selector);
    },
  );
});

describe('what is wrong with a configuration', () => {
  it.each<[string, string, string, readonly [found: string, allowed: string]]>([
    [
      'a mistyped key',
      'placement: {treshold: 1}',
      'placement.treshold',
      ['an unknown key', 'mean threshold?'],
    ],
    ['a mistyped section', 'placment: {}', 'placment', ['an unknown key', 'did you mean placement?']],
    ['a key that is like none', 'load: {zzz: 1}', 'load.zzz', ['an unknown key', 'the keys here are lead,']],
    [
      'a mistyped key in a list',
      'placement: {rules: [{set: {cpuTreshold: 0.5}}]}',
      'placement.rules[0].set.cpuTreshold',
      ['an unknown key', 'did you mean cpuThreshold?'],
    ],
    ['a share above 1', 'placement: {threshold: 80}', 'placement.threshold', ['80', 'above 0 and up to 1']],
    ['a share of nothing', 'placement: {threshold: 0}', 'placement.threshold', ['0', 'above 0']],
    ['text for a number', 'server: {port: "x"}', 'server.port', ['"x"', 'from 0 to 65535']],
    ['half a port', 'server: {port: 1.5}', 'server.port', ['1.5', 'a whole number']],
    ['a duration without a unit', 'load: {lead: 15}', 'load.lead', ['15', 'written like 15s']],
    ['a duration out of bounds', 'load: {lead: 11m}', 'load.lead', ['"11m"', 'from 0s to 10m']],
    ['no CPU', 'load: {defaultCpu: 0}', 'load.defaultCpu', ['0', 'a CPU quantity above 0']],
    ['an unknown choice', 'logging: {level: loud}', 'logging.level', ['"loud"', 'trace, debug, info']],
    ['an empty section', 'reservations:', 'reservations', ['null', 'a mapping of ttl, max']],
    ['half of TLS', 'server: {tls: {certFile: a}}', 'server.tls.keyFile', ['nothing', 'the path of a file']],
    [
      'a bad selector text',
      'metrics: {podSelector: "a in b"}',
      'metrics.podSelector',
      ['"a in b"', 'kubectl -l'],
    ],
    ['a list for a mapping', 'tiers: []', 'tiers', ['[]', 'a mapping of edgeSelector, siteLabel']],
    [
      'no namespaces',
      'placement: {rules: [{namespaces: [], set: {}}]}',
      'placement.rules[0].namespaces',
      ['[]', 'at least one'],
    ],
    [
      'a rule without a set',
      'placement: {rules: [{}]}',
      'placement.rules[0].set',
      ['nothing', 'a mapping of placement'],
    ],
    [
      'a value that the annotation would not take',
      'placement: {rules: [{set: {edgeShare: 1.5}}]}',
      'placement.rules[0].set.edgeShare',
      ['1.5', 'a share from 0 to 1'],
    ],
    [
      "a rule's threshold above the limit",
      'placement: {limit: 0.9, rules: [{set: {cpuThreshold: 0.92}}]}',
      'placement.rules[0].set.cpuThreshold',
      ['0.92', 'up to the limit of 0.9'],
    ],
    [
      'In without values',
      'tiers: {edgeSelector: {matchExpressions: [{key: a, operator: In}]}}',
      'tiers.edgeSelector.matchExpressions[0].values',
      ['nothing', 'at least one value'],
    ],
    [
      'Exists with values',
      'tiers: {edgeSelector: {matchExpressions: [{key: a, operator: Exists, values: [b]}]}}',
      'tiers.edgeSelector.matchExpressions[0].values',
      ['["b"]', 'no values'],
    ],
    [
      'a label value that YAML reads as no text',
      'tiers: {edgeSelector: {matchLabels: {edge: true}}}',
      'tiers.edgeSelector.matchLabels.edge',
      ['true', 'quote numbers'],
    ],
    [
      'a label name that is none',
      'tiers: {edgeSelector: {matchLabels: {"a b/c": d}}}',
      'tiers.edgeSelector.matchLabels["a b/c"]',
      ['the key "a b/c"', "a label's name"],
    ],
  ])('%s is named', (_name, yaml, path, [found, allowed]) => {
    const problems = problemsOf(HEAD + yaml);
    expect(problems).toMatchObject([{ path, line: 3, found }]);
    expect(problems[0]?.allowed).toContain(allowed);
  });

  it.each<[string, string, string]>([
    ['placement: {resume: 0.9}', 'placement.resume', 'at most threshold, which is 0.8 by default'],
    ['placement: {threshold: 0.5, resume: 0.6}', 'placement.resume', 'at most threshold, which is 0.5'],
    ['placement: {threshold: 0.97}', 'placement.threshold', 'at most limit, which is 0.95 by default'],
    ['placement: {limit: 0.7}', 'placement.limit', 'at least threshold, which is 0.8 by default'],
    ['placement: {threshold: 0.8, limit: 0.7}', 'placement.threshold', 'at most limit, which is 0.7'],
    ['metrics: {ageingAfter: 4m}', 'metrics.ageingAfter', 'less than unknownAfter, which is 180s by default'],
    [
      'metrics: {unknownAfter: 45s}',
      'metrics.unknownAfter',
      'more than ageingAfter, which is 45s by default',
    ],
    ['metrics: {pollInterval: 1m}', 'metrics.pollInterval', 'less than ageingAfter, which is 45s by default'],
  ])('%s is wrong at the field that was written', (yaml, path, allowed) => {
    expect(problemsOf(HEAD + yaml)).toMatchObject([{ path, line: 3, allowed }]);
  });

  it.each<[string, string, string]>([
    ['', 'null', 'a mapping with apiVersion'],
    ['just text', '"just text"', 'a mapping with apiVersion'],
    ['a: [', 'Flow sequence', 'one YAML document'],
    ['a: 1\na: 2', 'Map keys must be unique', 'one YAML document'],
    [`${HEAD}---\n${HEAD}`, 'a second document', 'one YAML document'],
  ])('%j is not a configuration', (text, found, allowed) => {
    const [problem] = problemsOf(text);
    expect(problem?.found).toContain(found);
    expect(problem?.allowed).toContain(allowed);
  });

  it('names the versions it takes', () => {
    expect(problemsOf('apiVersion: v1\nkind: Config')).toMatchObject([
      { path: 'apiVersion', line: 1, found: '"v1"', allowed: 'spillway.dev/v1alpha1' },
      { path: 'kind', line: 2, found: '"Config"', allowed: 'SpillwayConfiguration' },
    ]);
  });

  it('is told all at once, in the order of the file, one word a field', () => {
    const text = `${HEAD}load: {led: 1s}\nplacement:\n  threshold: 2\n  resume: 0.99\n  limit: 0.9\nserver: {port: -1}`;
    expect(formatProblems(problemsOf(text)).split('\n')).toEqual([
      expect.stringMatching(/^load\.led \(line 3\): found an unknown key, allowed: did you mean lead\?/),
      'placement.threshold (line 5): found 2, allowed: a number above 0 and up to 1',
      'server.port (line 8): found -1, allowed: a whole number from 0 to 65535',
    ]);
  });

  it('does not resolve aliases without end', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      'b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]',
      'c: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]',
    ];
    expect(problemsOf(bomb.join('\n'))).toMatchObject([{ allowed: 'YAML whose aliases can be resolved' }]);
  });

  it('is a value, never an exception, whatever the document', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.json(),
          fc.string(),
          fc.jsonValue().map((v) => `placement: ${JSON.stringify(v)}`),
        ),
        (text) => {
          const result = readConfig(text);
          expect(result.ok).toBe(false);
          if (!result.ok) expect(formatProblems(result.problems)).not.toBe('');
        },
      ),
    );
  });

  it.each(['__proto__', 'constructor', 'toString'])('is an unknown key, if it is called %s', (key) => {
    expect(problemsOf(`${HEAD}placement: {"${key}": 1}`)).toMatchObject([{ path: `placement.${key}` }]);
  });
});

describe('the settings of the picture', () => {
  it('spare kube-system and our own pods by default', () => {
    const { policy } = pictureSettings(defaultConfig());
    const placementOf = (namespace: string, labels: Record<string, string>) =>
      resolvePolicy({ namespace, labels, annotations: {}, ownerKind: 'ReplicaSet' }, policy).policy.placement;
    expect(placementOf('default', {})).toBe('edge-first');
    expect(placementOf('kube-system', {})).toBe('off');
    expect(placementOf('default', { 'app.kubernetes.io/name': 'spillway' })).toBe('off');
  });

  it('carry every number of the file to where it is used', () => {
    const settings = pictureSettings(
      configOf(
        `placement: {threshold: 0.71, resume: 0.61, limit: 0.91, edgeCandidates: all, unknownMetrics: treat-as-full}
load: {lead: 1s, requestFactor: 1.2, defaultCpu: 3m, trendBound: 4, saturated: 0.5}
metrics: {ageingAfter: 6s, unknownAfter: 7s}
reservations: {ttl: 8s, max: 9}
tiers: {siteLabel: site}`,
      ),
    );
    expect(settings).toMatchObject({
      placement: {
        thresholdRatio: 0.71,
        resumeRatio: 0.61,
        limitRatio: 0.91,
        edgeCandidates: 'all',
        unknownMetrics: 'treat-as-full',
        freshness: { ageingAfterMs: 6000, unknownAfterMs: 7000 },
        load: { leadMs: 1000, requestFactor: 1.2, defaultMilli: 3, trendBoundRatio: 4 },
      },
      policy: { limitRatio: 0.91 },
      tiers: { siteLabel: 'site' },
      reservations: { ttlMs: 8000, maxOpen: 9 },
      saturatedRatio: 0.5,
    });
  });
});
