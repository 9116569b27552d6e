import supertest from 'supertest';
import { createApp } from '../../src/server/app.ts';
import { createVerbListener } from '../../src/server/verbs.ts';
import { OPTIONS, partsFor } from '../server/harness.ts';
import { describeConformance } from './conformance.ts';

describeConformance('mounted in Express', async (context) => {
  const parts = partsFor(context);
  const { maxBodyBytes } = OPTIONS;
  const app = createApp(parts, createVerbListener({ ...parts, maxBodyBytes, draining: () => false }));
  return {
    post: async (verb, body) => {
      const { status, text } = await supertest(app).post(`/${verb}`).type('application/json').send(body);
      return { status, body: text };
    },
    close: async () => undefined,
  };
});
