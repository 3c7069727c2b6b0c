import type { LinkVerb, NocSources } from '../sources.ts';
import type { Asked, Route } from './route.ts';
import { change, refuse } from './route.ts';
import { record, text, WHY } from './shape.ts';

type Given = Asked<{ readonly name: string }, unknown, { readonly why: string }>;

const DOES: Readonly<Record<LinkVerb, string>> = {
  suspend: 'Unbinds a link, which stays away until it is resumed or the daemon restarts',
  resume: 'Binds a suspended link again',
  rebind: 'Unbinds a link and binds it again',
};

export function linkRoutes({ links, linkVerb }: NocSources): readonly Route[] {
  if (linkVerb === undefined) return [];
  const stateOf = (name: string) => {
    const link = links().find((each) => each.name === name);
    return { state: link?.state, suspended: link?.suspended === true };
  };
  return (Object.keys(DOES) as LinkVerb[]).map((verb) =>
    change({
      path: `/api/v1/links/:name/${verb}`,
      tag: 'links',
      role: 'operator',
      does: DOES[verb],
      params: record({ name: text('link') }),
      body: record({ why: WHY }),
      answer: record({ link: text('link'), state: text('of its session now') }),
      async handle({ params: { name }, body: { why } }: Given) {
        const before = stateOf(name);
        const done = await linkVerb(name, verb);
        if (done === 'unknown') return refuse(404, 'no-link', 'no link has this name');
        if (done === 'refused') return refuse(409, 'wrong-state', `link ${name} cannot ${verb} now`);
        const after = stateOf(name);
        return {
          view: { link: name, state: after.state ?? 'idle' },
          deed: { what: `link.${verb}`, subject: name, before, after, why },
        };
      },
    }),
  );
}
