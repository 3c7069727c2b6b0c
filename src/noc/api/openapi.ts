import swagger from '@fastify/swagger';
import type { FastifyInstance } from 'fastify';

/** Describes every route that is registered after it, at /api/v1/openapi.json. */
export async function openApi(app: FastifyInstance, version: string): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'orderd',
        version,
        description: 'Times are ISO 8601 in UTC. Numbers of subscribers show their last three digits.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer' },
          session: { type: 'apiKey', in: 'cookie', name: 'orderd-session' },
        },
      },
      security: [{ bearer: [] }, { session: [] }],
    },
  });
  app.get('/api/v1/openapi.json', { schema: { hide: true } }, () => app.swagger());
}
