import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as kubernetes from '@kubernetes/client-node';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readPlan, readShard } from '../../src/commands/sweep-plan.ts';
import { readAxis } from '../../src/sweep/spec.ts';

interface Attribute {
  readonly baseName: string;
  readonly type: string;
}
interface Model {
  readonly getAttributeTypeMap: () => readonly Attribute[];
}
interface Container {
  readonly args: readonly string[];
  readonly image: string;
}
interface Job {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly completions: number;
    readonly parallelism: number;
    readonly template: { readonly spec: { readonly containers: readonly [Container] } };
  };
}

function documentsOf(name: string): readonly unknown[] {
  const path = fileURLToPath(new URL(`../../deploy/sweep/${name}`, import.meta.url));
  return parseAllDocuments(readFileSync(path, 'utf8')).map((document) => document.toJS());
}

/** Fields that the API does not know, by Kubernetes' own description of its objects as the client has it. */
function unknownFields(value: unknown, type: string, path = type): readonly string[] {
  const list = /^Array<(.+)>$/.exec(type)?.[1];
  if (list !== undefined) {
    return (value as readonly unknown[]).flatMap((item, index) =>
      unknownFields(item, list, `${path}[${index}]`),
    );
  }
  const model = (kubernetes as unknown as Readonly<Record<string, Partial<Model>>>)[type];
  if (model?.getAttributeTypeMap === undefined) return [];
  const attributes = model.getAttributeTypeMap();
  return Object.entries(value as object).flatMap(([key, child]) => {
    const attribute = attributes.find(({ baseName }) => baseName === key);
    return attribute === undefined
      ? [`${path}.${key}`]
      : unknownFields(child, attribute.type, `${path}.${key}`);
  });
}

const [claim, sweepJob] = documentsOf('job.yaml') as [unknown, Job];
const [mergeJob] = documentsOf('merge.yaml') as [Job];
const argsOf = ({ spec }: Job) => spec.template.spec.containers[0].args;
const optionsOf = (job: Job, name: string) =>
  argsOf(job).flatMap((arg) => (arg.startsWith(`--${name}=`) ? [arg.slice(name.length + 3)] : []));

describe('the manifests of a sweep', () => {
  it.each([
    { name: 'the claim', object: claim, type: 'V1PersistentVolumeClaim' },
    { name: 'the Indexed Job', object: sweepJob, type: 'V1Job' },
    { name: 'the Job that merges', object: mergeJob, type: 'V1Job' },
  ])('$name has only fields that the API knows', ({ object, type }) => {
    expect(unknownFields(object, type)).toEqual([]);
  });

  it('the check itself finds a field that is not there', () => {
    const wrong = { spec: { completion: 8, template: { spec: { containers: [{ arg: [] }] } } } };
    expect(unknownFields(wrong, 'V1Job')).toEqual([
      'V1Job.spec.completion',
      'V1Job.spec.template.spec.containers[0].arg',
    ]);
  });

  it('run the version of this package', () => {
    const path = fileURLToPath(new URL('../../package.json', import.meta.url));
    const { version } = JSON.parse(readFileSync(path, 'utf8'));
    const images = [sweepJob, mergeJob].map(({ spec }) => spec.template.spec.containers[0].image);
    expect(images).toEqual([`spillway:${version}`, `spillway:${version}`]);
  });

  it('run each shard once, with values that can be read', () => {
    const { completions, parallelism } = sweepJob.spec;
    expect(parallelism).toBe(completions);
    const [shard = ''] = optionsOf(sweepJob, 'shard');
    const numbers = Array.from({ length: completions }, (_, index) => {
      const read = readShard(shard, String(index));
      return read.ok ? read.value : read.problem;
    });
    expect(numbers).toEqual(numbers.map((_, index) => ({ number: index + 1, count: completions })));
    const sweep = optionsOf(sweepJob, 'sweep');
    expect(sweep.map((text) => readAxis(text).ok)).toEqual([true, true]);
    expect(readPlan({ sweep, seeds: optionsOf(sweepJob, 'seeds')[0] }, 1).ok).toBe(true);
  });

  it('merge exactly the files that the shards write', () => {
    const [file = ''] = optionsOf(sweepJob, 'shard-file');
    const written = Array.from({ length: sweepJob.spec.completions }, (_, index) =>
      file.replace('$(JOB_COMPLETION_INDEX)', String(index)),
    );
    expect(argsOf(mergeJob).filter((arg) => arg.startsWith('/'))).toEqual(written);
  });
});
