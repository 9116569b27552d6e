import supertest from 'supertest';
import { appFor, partsFor } from '../server/harness.ts';
import { describeConformance } from './conformance.ts';

describeConformance('mounted in Express', async (context) => {
  const app = appFor(partsFor(context));
  return {
    post: async (verb, body) => {
      const { status, text } = await supertest(app).post(`/${verb}`).type('application/json').send(body);
      return { status, body: text };
    },
    close: async () => undefined,
  };
});
