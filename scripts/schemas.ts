// Writes what is generated from the code: JSON Schemas, and the tables of fields in docs/.
import { writeFile } from 'node:fs/promises';
import { generatedFiles, pathOf } from './generated.ts';

for (const { path, text } of await generatedFiles()) {
  await writeFile(pathOf(path), text);
  console.log(path);
}
