import type { NocSources } from '../sources.ts';
import { iso } from '../order-view.ts';
import type { OutboxDepthView } from '../views.ts';
import type { Asked, Changed, Refused, Route } from './route.ts';
import { change, read, refuse } from './route.ts';
import { list, record, text, time, WHY, whole } from './shape.ts';

type About = Asked<{ readonly group: string }, unknown, { readonly why: string }>;

const GROUP = record(
  { group: text('consumer group'), pending: whole('given out, not done'), behind: whole('not given out yet') },
  ['behind'],
);

/** What still waits to be counted, told and written down, and for whom (E24). */
export function outboxRoutes({ outbox, forgetGroup }: NocSources): readonly Route[] {
  return [
    ...(outbox === undefined ? [] : [depthRoute(outbox)]),
    ...(forgetGroup === undefined ? [] : [forgetRoute(forgetGroup)]),
  ];
}

function depthRoute(outbox: NonNullable<NocSources['outbox']>): Route {
  return read({
    path: '/api/v1/outbox',
    tag: 'outbox',
    role: 'viewer',
    does: 'What the consumer groups of the outbox have not done yet',
    answer: record({ oldest: time('of the oldest entry that some group has not done'), groups: list(GROUP) }, [
      'oldest',
    ]),
    async handle(): Promise<OutboxDepthView> {
      const { oldest, groups } = await outbox();
      return { ...(oldest === undefined ? {} : { oldest: iso(oldest) }), groups };
    },
  });
}

function forgetRoute(forget: NonNullable<NocSources['forgetGroup']>): Route {
  return change({
    path: '/api/v1/outbox/:group/forget',
    tag: 'outbox',
    role: 'operator',
    does: 'Forgets a group, for which every entry is kept until then; refused where this process serves it, others are not asked; audited',
    params: record({ group: text('consumer group') }),
    body: record({ why: WHY }),
    answer: record({ group: text('consumer group') }),
    async handle({ params: { group }, body: { why } }: About): Promise<Changed | Refused> {
      const said = await forget(group);
      if (said === 'unknown') return refuse(404, 'no-group', 'the outbox knows no group of this name');
      if (said === 'served') return refuse(409, 'served', `this process serves the group ${group}`);
      return { view: { group }, deed: { what: 'outbox.forget', subject: group, before: {}, after: {}, why } };
    },
  });
}
