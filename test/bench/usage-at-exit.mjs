// Loaded before a program (node --import): tells at its exit, on file descriptor 3, what it has used.
import { writeSync } from 'node:fs';

process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));
