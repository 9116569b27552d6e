// Refuses a release whose images are named by tags alone: `npm run release:check`. The folder is an argument for the tests.
import { imagesIn, isPinned } from './images.mjs';

const images = await imagesIn(process.argv[2] ?? '.');
const loose = images.filter((image) => !isPinned(image));
for (const { file, line, name } of loose) {
  console.error(`${file}:${line}: found ${name}, allowed: an image with its digest, NAME:TAG@sha256:…`);
}
if (loose.length > 0) {
  console.error(`${loose.length} of ${images.length} images without a digest: npm run release:pin`);
  process.exitCode = 1;
} else {
  console.log(`${images.length} images, each with its digest.`);
}
