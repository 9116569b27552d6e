// Bundles the two programs into one file each and makes `npx spillway` and `npx simulate` work here.
// With a folder as its argument it writes the bundles there and changes nothing else.
import { chmod, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version, bin } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

const elsewhere = process.argv[2];
const outdir = elsewhere ?? join(root, 'dist');

if (elsewhere === undefined) await rm(outdir, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  // `simulate` is a bundle of its own so that a run of a trace does not parse the service's libraries.
  entryPoints: { spillway: 'src/cli.ts', simulate: 'src/simulate.ts' },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifySyntax: true,
  legalComments: 'none',
  sourcemap: 'linked',
  define: { 'process.env.SPILLWAY_VERSION': JSON.stringify(version) },
  banner: {
    // Bundled CommonJS libraries call require() of Node's own modules; an ES module has none.
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
});

if (elsewhere === undefined) await linkPrograms();

// npx looks into node_modules/.bin first. npm does not link a package's own programs there, and would
// otherwise install the folder into its cache at every call.
async function linkPrograms() {
  const binFolder = join(root, 'node_modules', '.bin');
  await mkdir(binFolder, { recursive: true });
  for (const [name, file] of Object.entries(bin)) {
    await chmod(join(root, file), 0o755);
    await rm(join(binFolder, name), { force: true });
    await symlink(join('..', '..', file), join(binFolder, name));
  }
}
