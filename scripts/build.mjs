// Bundles the two programs, with all that they need, and makes `npx spillway` and `npx simulate` work here.
// With a folder as its argument it writes the bundles there and changes nothing else.
import { chmod, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { isAllowed } from './allowed-licences.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version, bin } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));

const elsewhere = process.argv[2];
const outdir = elsewhere ?? join(root, 'dist');

if (elsewhere === undefined) await rm(outdir, { recursive: true, force: true });
const shared = {
  metafile: true,
  absWorkingDir: root,
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'esm',
  minifySyntax: true,
  // Their texts are in a file of their own, below.
  legalComments: 'none',
  sourcemap: 'linked',
  define: { 'process.env.SPILLWAY_VERSION': JSON.stringify(version) },
  banner: {
    // Bundled CommonJS libraries call require() of Node's own modules; an ES module has none.
    js: "#!/usr/bin/env node\nimport { createRequire as __createRequire } from 'node:module';\nconst require = __createRequire(import.meta.url);",
  },
};
const built = await Promise.all([
  // In pieces, which are parsed when they are asked for: `serve` starts in two thirds of the time.
  build({ ...shared, entryPoints: { spillway: 'src/cli.ts' }, splitting: true, plugins: [unusedModels()] }),
  // `simulate` is a bundle of its own so that a run of a trace does not parse the service's libraries.
  // The threads of a sweep, and the one that asks a live extender, are files of their own: a worker is started from one.
  build({
    ...shared,
    entryPoints: {
      simulate: 'src/simulate.ts',
      'sweep-worker': 'src/commands/sweep-worker.ts',
      'http-worker': 'src/live/http-worker.ts',
    },
  }),
]);
const inputs = built.flatMap(({ metafile }) => Object.keys(metafile.inputs));

await writeFile(join(outdir, 'THIRD_PARTY_LICENSES'), await licencesOf(inputs));
if (elsewhere === undefined) await linkPrograms();

/**
 * Of the Kubernetes client we use the reading of kubeconfigs. Its package does not say that a module of which
 * nothing is used may be left out: without this, 800 classes of the API were loaded at each start.
 */
function unusedModels() {
  return {
    name: 'unused-models',
    setup: ({ onResolve, resolve }) => {
      const filter =
        /^(@kubernetes\/client-node|\.\/gen\/index\.js|\.\/models\/all\.js|\.\/types\/ObjectParamAPI\.js)$/;
      onResolve({ filter }, async ({ path, pluginData, ...how }) => {
        if (pluginData === 'resolving') return undefined;
        const found = await resolve(path, { ...how, pluginData: 'resolving' });
        return { ...found, sideEffects: false };
      });
    },
  };
}

/** The licences of the packages that went into the bundles, which ask to be passed on with the code. */
async function licencesOf(inputs) {
  const folders = inputs.map((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]);
  const texts = [];
  for (const folder of [...new Set(folders.filter((found) => found !== undefined))].sort()) {
    const {
      name,
      version: packageVersion,
      license,
    } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'));
    if (!isAllowed(license))
      throw new Error(`${name} ${packageVersion}: its licence ${license} is not allowed`);
    const files = (await readdir(join(root, folder))).filter((file) =>
      /^(licen[cs]e|notice|copying)/i.test(file),
    );
    const contents = await Promise.all(files.map((file) => readFile(join(root, folder, file), 'utf8')));
    texts.push([`${name} ${packageVersion} (${license})`, ...contents].join('\n\n'));
  }
  return `${texts.join(`\n\n${'-'.repeat(80)}\n\n`)}\n`;
}

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
