import type { FastifyInstance } from 'fastify';

export const BOARD_PATH = '/queues';

/** Bull Board styles its waiting picture in line, and sets its base in the page; fonts and scripts are its own, or none. */
const BOARD_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'self'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Its page asks Google for fonts; on a closed network that is a blank page for a while, elsewhere a leak. */
const FOREIGN = /<link[^>]+href="https?:\/\/[^"]*"[^>]*>/g;

/** Mounts what the daemon made of the queues, behind the same guard as everything else. */
export async function queueBoardRoutes(app: FastifyInstance, plugin: unknown): Promise<void> {
  app.addHook('onRequest', (_request, reply, done) => {
    reply.header('content-security-policy', BOARD_POLICY);
    done();
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    const html = String(reply.getHeader('content-type') ?? '').startsWith('text/html') && typeof payload === 'string';
    done(null, html ? payload.replaceAll(FOREIGN, '') : payload);
  });
  await app.register(plugin as Parameters<FastifyInstance['register']>[0], { prefix: BOARD_PATH });
}
