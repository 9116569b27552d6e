// Starts a thread of a sweep from the sources: a worker does not inherit what reads TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('../src/commands/sweep-worker.ts');
