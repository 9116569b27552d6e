// Starts the thread that asks a live extender from the sources: a worker does not inherit what reads TypeScript.
import { register } from 'tsx/esm/api';

register();
await import('../src/live/http-worker.ts');
