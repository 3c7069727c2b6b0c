// The control port: what tests and the handset read.
import type { FastifyInstance } from 'fastify';
import fastify from 'fastify';
import { z } from 'zod';
import type { MailFaults } from './faults.ts';
import type { Mail, Mailbox } from './mailbox.ts';

const query = z.strictObject({
  to: z.string().optional(),
  after: z.coerce.number().int().min(0).default(0),
  waitMs: z.coerce.number().int().min(0).max(600_000).default(0),
});

const pattern = z.string().refine((text) => {
  try {
    new RegExp(text, 'u');
    return true;
  } catch {
    return false;
  }
}, 'a regular expression');

const rule = z.strictObject({
  on: z.enum(['mail', 'rcpt', 'data']),
  code: z.number().int().min(400).max(599).optional(),
  text: z.string().max(200).optional(),
  delayMs: z.number().int().min(0).max(600_000).default(0),
  count: z.number().int().min(1).optional(),
  matchTo: pattern.optional(),
});

function told(error: z.ZodError): { readonly error: string } {
  return { error: error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`).join('; ') };
}

/** Without the message as it travelled: that has a route of its own. */
function shown({ raw, ...mail }: Mail): object {
  return { ...mail, octets: Buffer.byteLength(raw) };
}

export function controlPort(box: Mailbox, faults: MailFaults): FastifyInstance {
  const app = fastify({ forceCloseConnections: true });
  app.get('/mails', async (request, reply) => {
    const asked = query.safeParse(request.query);
    return asked.success ? (await box.read(asked.data)).map(shown) : reply.code(400).send(told(asked.error));
  });
  app.get<{ Params: { id: string } }>('/mails/:id/raw', async (request, reply) => {
    const all = await box.read({ after: Number(request.params.id) - 1, waitMs: 0 });
    const mail = all.find(({ id }) => id === Number(request.params.id));
    return mail === undefined
      ? reply.code(404).send({ error: 'no such mail' })
      : reply.type('message/rfc822').send(mail.raw);
  });
  app.delete('/mails', () => ({ removed: box.clear() }));
  app.get('/events', (_request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    raw.write(': here\n\n');
    const stop = box.onArrival((mail) => raw.write(`event: mail\ndata: ${JSON.stringify(shown(mail))}\n\n`));
    raw.once('close', stop);
  });
  app.get('/faults', () => faults.list());
  app.post('/faults', (request, reply) => {
    const body = rule.safeParse(request.body ?? {});
    return body.success ? faults.add(body.data) : reply.code(400).send(told(body.error));
  });
  app.delete('/faults', () => ({ removed: faults.remove() }));
  return app;
}
