import type { FastifyInstance, FastifyReply } from 'fastify';
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
  const open = new Set<FastifyReply['raw']>();
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
    send(open, await snapshot(settings));
    looking = false;
    // What changed behind the look is not in what was sent.
    later(changes === seen ? settings.every : settings.soonest);
  }

  app.get('/api/v1/feed', { schema: SCHEMA }, (request, reply) => {
    if (open.size >= MOST) return fail(reply, 503, 'too-many', 'too many pages are open');
    begin(reply);
    open.add(reply.raw);
    request.raw.on('close', () => void open.delete(reply.raw));
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
      for (const page of open) page.end();
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

/** A page that does not read is closed, not buffered for. */
function send(pages: ReadonlySet<FastifyReply['raw']>, text: string): void {
  for (const page of pages) {
    if (page.writableLength > 1_000_000) page.destroy();
    else page.write(text);
  }
}
