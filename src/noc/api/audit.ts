import type { AuditTrail } from '../audit.ts';
import type { Route } from './route.ts';
import { read } from './route.ts';
import { LIMIT, list, map, record, text, time } from './shape.ts';

const FACTS = map({ type: ['string', 'number', 'boolean'] }, 'by name');

const ENTRY = record(
  {
    at: time('when'),
    who: text('person'),
    what: text('stable name of the change'),
    subject: text('what it was done to'),
    before: FACTS,
    after: FACTS,
    why: text('in their own words'),
  },
  ['why'],
);

export function auditRoutes(trail: AuditTrail): readonly Route[] {
  return [
    read<unknown, { readonly limit: number }>({
      path: '/api/v1/audit',
      tag: 'audit',
      role: 'operator',
      does: 'Who changed what, newest first',
      query: LIMIT,
      answer: record({ entries: list(ENTRY) }),
      async handle({ query: { limit } }) {
        const entries = await trail.list(limit);
        return { entries: entries.map((entry) => ({ ...entry, at: new Date(entry.at).toISOString() })) };
      },
    }),
  ];
}
