import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type ConfigField, configJsonSchema, fieldsOf } from '../src/config/json-schema.ts';
import { traceJsonSchema } from '../src/trace/json-schema.ts';

const ROOT = new URL('../', import.meta.url);

/** A file of the repository that is written from the code, whole or in part. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** `npm run schemas` writes these; a test holds them to the code. */
export async function generatedFiles(): Promise<readonly GeneratedFile[]> {
  return [
    { path: 'docs/configuration.schema.json', text: schemaText(configJsonSchema()) },
    { path: 'simulations/trace.schema.json', text: schemaText(traceJsonSchema()) },
    { path: 'docs/configuration.md', text: await withFields('docs/configuration.md') },
  ];
}

export function pathOf(file: string): string {
  return fileURLToPath(new URL(file, ROOT));
}

function schemaText(schema: unknown): string {
  return `${JSON.stringify(schema, undefined, 2)}\n`;
}

const BEGIN = '<!-- fields: written by `npm run schemas` -->';
const END = '<!-- end of fields -->';

/** Replaces what stands between the marks; the rest of the page is written by hand. */
async function withFields(path: string): Promise<string> {
  const page = await readFile(pathOf(path), 'utf8');
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`${path}: found no "${BEGIN}" before "${END}"`);
  return `${page.slice(0, begin)}${BEGIN}\n\n${renderFields()}\n\n${page.slice(end)}`;
}

function renderFields(): string {
  const fields = fieldsOf(configJsonSchema());
  const top = fields.filter(({ path }) => !path.includes('.'));
  const under = (section: ConfigField) => fields.filter(({ path }) => path.startsWith(`${section.path}.`));
  const plain = top.filter((field) => under(field).length === 0);
  const sections = top.filter((field) => under(field).length > 0);
  return [
    renderTable('The document', 'What the file is.', plain),
    ...sections.map((section) => renderTable(section.path, section.what, under(section))),
  ].join('\n\n');
}

function renderTable(heading: string, what: string, fields: readonly ConfigField[]): string {
  return [
    `### ${heading}`,
    '',
    what,
    '',
    '| Field | Default | Allowed | What it does, and when to change it |',
    '|---|---|---|---|',
    ...fields.map(renderField),
  ].join('\n');
}

function renderField({ path, what, allowed, required, ...field }: ConfigField): string {
  const whenLeftOut = required ? 'required' : '—';
  const byDefault = field.default === undefined ? whenLeftOut : code(field.default);
  const cells = [`\`${path}\``, byDefault, allowed ?? 'a section', what];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

function code(value: unknown): string {
  return `\`${JSON.stringify(value)}\``;
}
