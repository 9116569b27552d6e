// Writes behind each image the digest that its tag has now: `npm run release:pin`. Those that have one keep it.
// It asks the registries through docker, which knows how to log in to them; the digest is that of the index of all
// platforms. The folder is an argument for the tests.
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { imagesIn, isPinned } from './images.mjs';

const run = promisify(execFile);
const root = process.argv[2] ?? '.';
const loose = (await imagesIn(root)).filter((image) => !isPinned(image));

try {
  const digests = new Map();
  for (const { name } of loose) if (!digests.has(name)) digests.set(name, await digestOf(name));
  // Only once all are known: a release is pinned as a whole or not at all.
  for (const file of new Set(loose.map((image) => image.file))) {
    await writeFile(
      join(root, file),
      withDigests(
        loose.filter((image) => image.file === file),
        digests,
      ),
    );
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}

/** What is not a digest is never written. */
async function digestOf(name) {
  const args = ['buildx', 'imagetools', 'inspect', name, '--format', '{{json .Manifest}}'];
  const { stdout } = await run('docker', args).catch(({ stderr, message }) => {
    throw new Error(`${name}: its digest is not known: ${(stderr || message).trim()}`);
  });
  const digest = /"digest":\s*"(sha256:[0-9a-f]{64})"/.exec(stdout)?.[1];
  if (digest === undefined)
    throw new Error(`${name}: found ${stdout.trim() || 'nothing'}, allowed: a manifest with its digest`);
  return digest;
}

function withDigests(images, digests) {
  let { text } = images[0];
  for (const { file, line, name, at } of images.toReversed()) {
    const digest = digests.get(name);
    const end = at + name.length;
    text = `${text.slice(0, end)}@${digest}${text.slice(end)}`;
    console.log(`${file}:${line}: ${name}@${digest}`);
  }
  return text;
}
