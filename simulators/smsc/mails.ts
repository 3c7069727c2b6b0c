// Mails for the phones: asked of the mail simulator, which is a program of its own.
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { Core } from './core.ts';

const NONE = 'this SMSC knows no mail simulator; start it with --mail-url';

/** `GET /mails`, as the mail simulator has it. */
export function mailRoutes(app: FastifyInstance, core: Core): void {
  app.get('/mails', async (request, reply) => {
    const { mailUrl } = core.options;
    if (mailUrl === undefined) return reply.code(404).send({ error: NONE });
    const at = new URL(request.url, mailUrl);
    const answer = await fetch(at, { signal: core.stopping }).catch(() => undefined);
    if (answer === undefined) return reply.code(502).send({ error: `no mail simulator answers at ${mailUrl}` });
    return reply.code(answer.status).send(await answer.json());
  });
}

/** Hands the mail simulator's events on, each whole; the result ends it. */
export function relayMails(mailUrl: string, to: ServerResponse): () => void {
  const stop = new AbortController();
  void relay(mailUrl, to, stop.signal).catch(() => undefined);
  return () => stop.abort();
}

async function relay(mailUrl: string, to: ServerResponse, signal: AbortSignal): Promise<void> {
  const events = await fetch(new URL('/events', mailUrl), { signal });
  const words = new TextDecoder();
  let rest = '';
  for await (const chunk of events.body ?? []) {
    rest += words.decode(chunk as Uint8Array, { stream: true });
    const end = rest.lastIndexOf('\n\n') + 2;
    if (end < 2) continue;
    to.write(rest.slice(0, end));
    rest = rest.slice(end);
  }
}
