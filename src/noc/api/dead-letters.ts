import type { NocSources } from '../sources.ts';
import { deadLettersView } from '../views.ts';
import type { Asked, Changed, Refused, Route } from './route.ts';
import { change, read, refuse } from './route.ts';
import { LIMIT, list, oneOf, record, text, time, WHY, whole } from './shape.ts';

const LETTER = record(
  {
    id: text('text'),
    order: text('order that it is about'),
    kind: text('of the text'),
    to: text('the last three digits'),
    reason: text('why it was given up, scrubbed'),
    at: time('when'),
  },
  ['order'],
);

const JOB = record({
  queue: text('queue'),
  job: text('job'),
  id: text('order or text'),
  reason: text('why it was given up, scrubbed'),
  attempts: whole('tries'),
  at: time('when'),
});

interface Named {
  readonly what: 'text' | 'settle' | 'say' | 'provision';
  readonly id: string;
  readonly why: string;
}

type Verb = 'retry' | 'discard';

export function deadLetterRoutes(sources: NocSources): readonly Route[] {
  return [
    read<unknown, { readonly limit: number }>({
      path: '/api/v1/dead-letters',
      tag: 'queues',
      role: 'viewer',
      does: 'What was given up, and why',
      query: LIMIT,
      answer: record({ texts: list(LETTER), jobs: list(JOB) }),
      handle: ({ query: { limit } }) => deadLettersView(sources, limit),
    }),
    verb(sources, 'retry', 'Tries a dead letter again'),
    verb(sources, 'discard', 'Gives a dead letter up for good'),
  ];
}

function verb(sources: NocSources, which: Verb, does: string): Route {
  return change({
    path: `/api/v1/dead-letters/${which}`,
    tag: 'queues',
    role: 'operator',
    does,
    body: record({
      what: oneOf(['text', 'settle', 'say', 'provision'], 'a text, or a job of that queue'),
      id: text('text or job', { minLength: 1, maxLength: 128 }),
      why: WHY,
    }),
    answer: record({ id: text('text or job'), now: oneOf(['waiting', 'gone'], 'what it is now') }),
    handle: (asked: Asked<unknown, unknown, Named>) => act(sources, which, asked.body),
  });
}

async function act(
  { deadLetters, queues }: NocSources,
  which: Verb,
  { what, id, why }: Named,
): Promise<Changed | Refused> {
  const done = what === 'text' ? await deadLetters[which](id) : await queues[which](what, id);
  if (!done) return refuse(404, 'no-dead-letter', 'there is no such dead letter any more');
  const now = which === 'retry' ? 'waiting' : 'gone';
  const deed = {
    what: `dead-letter.${which}`,
    subject: id,
    before: { state: 'dead', what },
    after: { state: now },
    why,
  };
  return { view: { id, now }, deed };
}
