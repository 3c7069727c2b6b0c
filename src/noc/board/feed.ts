import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { fail } from '../api/register.ts';

/** Snapshots to every page that is open, by server-sent events (HTML 9.2). */
export interface Feed {
  /** Something changed that somebody may be looking at. */
  hint(): void;
  close(): void;
}

export interface FeedSettings {
  /** What a page is sent; asked for only while one is open. */
  readonly view: () => Promise<object>;
  /** Whether what a page proved when it asked is still good. */
  readonly holds: (request: FastifyRequest) => boolean;
  /** Milliseconds between snapshots at most, and at least. */
  readonly every: number;
  readonly soonest: number;
  readonly onFault: (error: unknown) => void;
}

/** Pages at once; more are told to come again. */
const MOST = 100;

const SCHEMA: object = {
  operationId: 'getFeed',
  summary: 'The board, live: text/event-stream',
  tags: ['board'],
  'x-role': 'viewer',
};

export function createFeed(app: FastifyInstance, settings: FeedSettings): Feed {
  const open = new Map<FastifyReply['raw'], FastifyRequest>();
  let timer: NodeJS.Timeout | undefined;
  let last = 0;
  let looking = false;
  let changes = 0;

  const later = (ms: number): void => {
    clearTimeout(timer);
    if (open.size > 0) timer = setTimeout(() => void tick(), ms);
  };

  async function tick(): Promise<void> {
    last = performance.now();
    const seen = changes;
    looking = true;
    send(open, await snapshot(settings), settings.holds);
    looking = false;
    // What changed behind the look is not in what was sent.
    later(changes === seen ? settings.every : settings.soonest);
  }

  app.get('/api/v1/feed', { schema: SCHEMA }, (request, reply) => {
    // What asks so reads no body: it would wait for one without an end.
    if (request.method === 'HEAD') return reply.type('text/event-stream').send();
    if (open.size >= MOST) return fail(reply, 503, 'too-many', 'too many pages are open');
    begin(reply);
    open.set(reply.raw, request);
    // Of the answer: a request's own close may come once all of it is read, with the page still open.
    reply.raw.on('close', () => void open.delete(reply.raw));
    if (!looking) later(0);
    return reply;
  });

  return {
    hint: () => {
      changes += 1;
      if (!looking && open.size > 0) later(Math.max(0, settings.soonest - (performance.now() - last)));
    },
    close() {
      clearTimeout(timer);
      for (const page of open.keys()) page.end();
      open.clear();
    },
  };
}

function begin(reply: FastifyReply): void {
  reply.hijack();
  const headers = { ...reply.getHeaders(), 'content-type': 'text/event-stream', 'x-accel-buffering': 'no' };
  reply.raw.writeHead(200, headers as Record<string, string>);
  reply.raw.write('retry: 1000\n\n');
}

async function snapshot({ view, onFault }: FeedSettings): Promise<string> {
  try {
    return `event: board\ndata: ${JSON.stringify(await view())}\n\n`;
  } catch (error) {
    onFault(error);
    return 'event: trouble\ndata: {"message":"the store does not answer"}\n\n';
  }
}

/**
 * Whether it may still read is asked of each page as late as can be: a login may end, or be taken away, while its page is open.
 * One that does not read is closed, not buffered for.
 */
function send(pages: Map<FastifyReply['raw'], FastifyRequest>, text: string, holds: FeedSettings['holds']): void {
  for (const [page, request] of pages) {
    if (!holds(request)) {
      pages.delete(page);
      page.end();
    } else if (page.writableLength > 1_000_000) page.destroy();
    else page.write(text);
  }
}
