import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';
import type { Server } from './server.ts';
import type { NocSources } from './sources.ts';

/** /livez, /startupz, /readyz and /metrics. Reasons are for those who may read the rest too. */
export function healthRoutes(app: FastifyInstance, sources: NocSources, metrics: Metrics, server: Server): void {
  const hidden = { schema: { hide: true } };
  app.get('/livez', hidden, () => ({ ok: true }));
  app.get('/startupz', hidden, (_, reply) => {
    const ok = sources.started?.() ?? true;
    return reply.code(ok ? 200 : 503).send({ ok });
  });
  app.get('/readyz', hidden, async (request, reply) => {
    const { ok, reasons } = await sources.ready();
    return reply.code(ok ? 200 : 503).send(server.proof(request) === undefined ? { ok } : { ok, reasons });
  });
  app.get('/metrics', hidden, async (_, reply) => reply.type(metrics.contentType).send(await metrics.text()));
}
