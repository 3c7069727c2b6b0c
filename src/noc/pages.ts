import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { PAGE_POLICY } from './guard.ts';

/** The dashboard: files of our own, and the chart library from node_modules. They hold no data, so they need no login. */
export async function pageRoutes(app: FastifyInstance): Promise<void> {
  await app.register(fastifyStatic, {
    root: join(import.meta.dirname, 'web'),
    prefix: '/web/',
    index: false,
    cacheControl: false,
  });
  const charts = join(dirname(createRequire(import.meta.url).resolve('echarts/package.json')), 'dist');
  const hidden = { schema: { hide: true } };
  app.get('/web/vendor/echarts.mjs', hidden, (_, reply) => reply.sendFile('echarts.esm.min.mjs', charts));
  app.get('/', hidden, (_, reply) =>
    reply.header('content-security-policy', PAGE_POLICY).header('cache-control', 'no-cache').sendFile('index.html'),
  );
}
