import { HANDLERS } from '../../src/extender/handlers.ts';
import { describeConformance } from './conformance.ts';

describeConformance('in-process, as the simulator asks it', async (context) => ({
  post: async (verb, body) => HANDLERS[verb](context, body),
  close: async () => undefined,
}));
