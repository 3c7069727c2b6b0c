// The phone in the browser: its page, and what happens, as server-sent events.
import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { commandOf } from '../smpp/commands.ts';
import type { FieldLine } from '../smpp/dissect.ts';
import { dissect } from '../smpp/dissect.ts';
import type { Core } from './core.ts';
import { relayMails } from './mails.ts';
import type { CarriedPdu } from './traffic.ts';

const FOLDER = new URL('../handset/web/', import.meta.url);

const PAGES: readonly (readonly [path: string, file: string, type: string])[] = [
  ['/', 'index.html', 'text/html; charset=utf-8'],
  ['/phone.css', 'phone.css', 'text/css; charset=utf-8'],
  ...['main.mjs', 'page.mjs', 'phone.mjs', 'wire.mjs'].map(
    (file) => [`/${file}`, file, 'text/javascript; charset=utf-8'] as const,
  ),
];

/** A PDU as the page lists it. */
export interface PduLine extends Omit<CarriedPdu, 'bind' | 'hex'> {
  readonly command: string;
}

/** A PDU, field by field. */
export interface PduView extends CarriedPdu {
  readonly fields: readonly FieldLine[];
}

/** Nothing from elsewhere, so the page works without a network and runs no script that a message carries. */
const CSP = "default-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

const isLinkCheck = (pdu: CarriedPdu): boolean => /^.{8}[08]0000015/.test(pdu.hex);

/** A slow reader loses PDUs rather than fill our memory. */
function send(raw: ServerResponse, name: string, value: unknown): void {
  if (raw.writableNeedDrain && name === 'pdu') return;
  raw.write(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
}

function follow(core: Core, raw: ServerResponse): () => void {
  const stops = [
    core.inbox.arrived.on((message) => send(raw, 'mt', message)),
    core.ussd.changed.on((record) => send(raw, 'ussd', record)),
    core.sent.changed.on((mo) => send(raw, 'mo', mo)),
    core.bound.on(() => send(raw, 'binds', {})),
    core.closed.on(() => send(raw, 'binds', {})),
    core.traffic.carried.on((pdu) => {
      const command = commandOf(Number.parseInt(pdu.hex.slice(8, 16), 16)) ?? 'unknown';
      const line: PduLine = { id: pdu.id, at: pdu.at, direction: pdu.direction, command };
      if (!isLinkCheck(pdu)) send(raw, 'pdu', line);
    }),
  ];
  if (core.options.mailUrl !== undefined) stops.push(relayMails(core.options.mailUrl, raw));
  return () => stops.forEach((stop) => stop());
}

export function webRoutes(app: FastifyInstance, core: Core): void {
  for (const [path, file, type] of PAGES) {
    app.get(path, (_request, reply) =>
      reply
        .header('content-security-policy', CSP)
        .type(type)
        .send(readFileSync(new URL(file, FOLDER))),
    );
  }
  app.get('/events', (_request, reply) => {
    reply.hijack();
    const { raw } = reply;
    raw.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    raw.write(': here\n\n');
    raw.once('close', follow(core, raw));
  });
  app.get<{ Params: { id: string } }>('/pdus/:id', (request, reply) => {
    const pdu = core.traffic.find(Number(request.params.id));
    if (pdu === undefined) return reply.code(404).send({ error: 'that PDU is not kept any more' });
    return { ...pdu, fields: dissect(Buffer.from(pdu.hex, 'hex')) } satisfies PduView;
  });
}
