import * as z from 'zod';
import { type PathKey, valueAt } from '../reading/problems.ts';
import { readRuleSet } from './rules.ts';
import { metricsFields, placementFields } from './schema.ts';
import { serverFields } from './server.ts';

/** A value that is right by itself and wrong beside another one. */
export interface AcrossProblem {
  readonly path: readonly PathKey[];
  readonly allowed: string;
}

interface Order {
  readonly section: string;
  readonly fields: Readonly<Record<string, z.ZodType>>;
  readonly lower: string;
  readonly upper: string;
  readonly mayBeEqual: boolean;
}

const ORDERS: readonly Order[] = [
  {
    section: 'server',
    fields: serverFields,
    lower: 'maxBodyBytes',
    upper: 'maxBufferedBytes',
    mayBeEqual: true,
  },
  { section: 'placement', fields: placementFields, lower: 'resume', upper: 'threshold', mayBeEqual: true },
  { section: 'placement', fields: placementFields, lower: 'threshold', upper: 'limit', mayBeEqual: true },
  {
    section: 'metrics',
    fields: metricsFields,
    lower: 'pollInterval',
    upper: 'ageingAfter',
    mayBeEqual: false,
  },
  {
    section: 'metrics',
    fields: metricsFields,
    lower: 'ageingAfter',
    upper: 'unknownAfter',
    mayBeEqual: false,
  },
];

/**
 * Rules that hold between fields. Reads the document field by field and leaves out what is wrong by itself,
 * so that one mistake does not hide another.
 */
export function acrossFields(document: unknown): readonly AcrossProblem[] {
  return [
    ...ORDERS.flatMap((order) => outOfOrder(valueAt(document, [order.section]), order)),
    ...clientCertificates(valueAt(document, ['server'])),
    ...ruleSets(valueAt(document, ['placement'])),
  ];
}

function outOfOrder(section: unknown, order: Order): readonly AcrossProblem[] {
  const { lower, upper, mayBeEqual } = order;
  const low = order.fields[lower]?.safeParse(valueAt(section, [lower])).data;
  const high = order.fields[upper]?.safeParse(valueAt(section, [upper])).data;
  if (typeof low !== 'number' || typeof high !== 'number') return [];
  if (low < high || (mayBeEqual && low === high)) return [];
  // What was written is at fault, not the default that it collides with.
  if (valueAt(section, [lower]) !== undefined) {
    const word = mayBeEqual ? 'at most' : 'less than';
    return [{ path: [order.section, lower], allowed: `${word} ${shown(section, upper, order)}` }];
  }
  const word = mayBeEqual ? 'at least' : 'more than';
  return [{ path: [order.section, upper], allowed: `${word} ${shown(section, lower, order)}` }];
}

function shown(section: unknown, name: string, { fields }: Order): string {
  const written = valueAt(section, [name]);
  if (written !== undefined) return `${name}, which is ${String(written)}`;
  const field = fields[name];
  const byDefault = field && z.toJSONSchema(field, { io: 'input' }).default;
  return `${name}, which is ${String(byDefault)} by default`;
}

function clientCertificates(server: unknown): readonly AcrossProblem[] {
  const isSet = (...path: readonly string[]) => valueAt(server, path) !== undefined;
  const problems: AcrossProblem[] = [];
  if (isSet('tls', 'clientCaFile') && !isSet('management')) {
    const allowed =
      'a section, as server.tls.clientCaFile is set: probes and Prometheus bring no certificate';
    problems.push({ path: ['server', 'management'], allowed });
  }
  if (isSet('tls', 'clientNames') && !isSet('tls', 'clientCaFile')) {
    const allowed = 'the path of a file, as server.tls.clientNames is set';
    problems.push({ path: ['server', 'tls', 'clientCaFile'], allowed });
  }
  return problems;
}

function ruleSets(placement: unknown): readonly AcrossProblem[] {
  const rules = valueAt(placement, ['rules']);
  if (!Array.isArray(rules)) return [];
  const limit = placementFields.limit.safeParse(valueAt(placement, ['limit'])).data ?? 1;
  return rules.flatMap((rule: unknown, index) => {
    const texts = textsOf(valueAt(rule, ['set']));
    return readRuleSet(texts, limit).problems.map(({ key, allowed }) => ({
      path: ['placement', 'rules', index, 'set', key],
      allowed,
    }));
  });
}

function textsOf(set: unknown): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  if (typeof set !== 'object' || set === null) return texts;
  for (const [key, value] of Object.entries(set)) {
    if (typeof value === 'string' || typeof value === 'number') texts[key] = String(value);
  }
  return texts;
}
