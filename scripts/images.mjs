// The images that a release rests on, with the place where each is named: in the Dockerfile and in deploy/.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LineCounter, parseAllDocuments, visit } from 'yaml';

/** A tag can be moved to another image; this names one image for good. */
const DIGEST = /@sha256:[0-9a-f]{64}$/;

/**
 * @typedef {object} Image
 * @property {string} file
 * @property {string} text of the file
 * @property {number} at where the name begins in the text
 * @property {number} line
 * @property {string} name as it is written
 */

/**
 * @param {string} root of the repository
 * @returns {Promise<readonly Image[]>} all but Spillway's own, which are what is released
 */
export async function imagesIn(root) {
  const { name: own } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
  const manifests = (await readdir(join(root, 'deploy'), { recursive: true }))
    .filter((file) => /\.ya?ml$/.test(file))
    .sort()
    .map((file) => join('deploy', file));
  const found = await Promise.all(
    ['Dockerfile', ...manifests].map(async (file) => {
      const text = await readFile(join(root, file), 'utf8');
      const places = file === 'Dockerfile' ? inDockerfile(text) : inManifest(text);
      return places.map((place) => ({ file, text, ...place }));
    }),
  );
  return found.flat().filter(({ name }) => name.replace(/[:@].*$/, '') !== own);
}

/** @returns {boolean} */
export function isPinned({ name }) {
  return DIGEST.test(name);
}

const FROM = /^\s*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?/di;
const USED = [FROM, /^[^#]*--from=(\S+)/d, /^[^#]*--mount=\S*\bfrom=([^\s,]+)/d, /^#\s*syntax=(\S+)/d];

/** FROM, and what COPY and RUN take from an image that is no stage of this file. */
function inDockerfile(text) {
  const stages = new Set(['scratch']);
  const places = [];
  let begin = 0;
  for (const [index, line] of text.split('\n').entries()) {
    const used = USED.map((pattern) => pattern.exec(line)).find((match) => match !== null);
    const name = used?.[1];
    if (name !== undefined && !stages.has(name.toLowerCase())) {
      places.push({ name, line: index + 1, at: begin + used.indices[1][0] });
    }
    const stage = FROM.exec(line)?.[2];
    if (stage !== undefined) stages.add(stage.toLowerCase());
    begin += line.length + 1;
  }
  return places;
}

/** `image:` of any object, however it is written. */
function inManifest(text) {
  const lines = new LineCounter();
  const places = [];
  for (const document of parseAllDocuments(text, { lineCounter: lines })) {
    visit(document, {
      Pair(_, { key, value }) {
        if (key?.value !== 'image' || typeof value?.value !== 'string') return;
        const at = text.indexOf(value.value, value.range[0]);
        places.push({ name: value.value, line: lines.linePos(at).line, at });
      },
    });
  }
  return places;
}
