import { lastThree } from '../../domain/msisdn.ts';
import type { Erased } from '../../flow/erase-subscriber.ts';
import type { NocSources } from '../sources.ts';
import type { Asked, Route } from './route.ts';
import { change } from './route.ts';
import { list, map, MSISDN, record, text, WHY, whole, withoutPlus } from './shape.ts';

const HOLD = record(
  {
    order: text('left out for the record of the subscriber'),
    why: text('held, unfinished, disputed, retention, subscription or unwritten'),
    until: text('ISO 8601; left out while nobody knows'),
  },
  ['order', 'until'],
);

export interface ErasureView {
  readonly id: string;
  readonly orders: number;
  readonly texts: number;
  readonly records: Readonly<Record<string, number>>;
  readonly holds: readonly { readonly order?: string; readonly why: string; readonly until?: string }[];
}

/** What one person may ask of us: to be forgotten, and to see what is kept. */
export function erasureRoutes({ erase, exportOf }: NocSources): readonly Route[] {
  return [
    ...(erase === undefined ? [] : [eraseRoute(erase)]),
    ...(exportOf === undefined ? [] : [exportRoute(exportOf)]),
  ];
}

interface Wish {
  readonly msisdn: string;
  readonly why: string;
}

function eraseRoute(erase: NonNullable<NocSources['erase']>): Route {
  return change({
    path: '/api/v1/erasures',
    tag: 'subscribers',
    role: 'operator',
    does: 'Erases one number from Redis, evidence and CDR files; says what must stay and why',
    body: record({ msisdn: MSISDN, why: WHY }),
    answer: record({
      id: text('names the erasure in the evidence'),
      orders: whole('erased from Redis'),
      texts: whole('erased from Redis'),
      records: map(whole('erased'), 'by archive'),
      holds: list(HOLD, 'what stays'),
    }),
    async handle({ body: { msisdn, why }, who }: Asked<unknown, unknown, Wish>) {
      const erased = await erase({ msisdn: withoutPlus(msisdn), reason: why, who: who.name });
      const { id, orders, texts, holds } = erased;
      return {
        view: viewOf(erased),
        deed: { what: 'subscriber.erase', subject: id, before: {}, after: { orders, texts, holds: holds.length }, why },
      };
    },
  });
}

function viewOf({ holds, ...erased }: Erased): ErasureView {
  return {
    ...erased,
    holds: holds.map(({ order, why, until }) => ({
      why,
      ...(order === undefined ? {} : { order }),
      ...(until === undefined ? {} : { until: new Date(until).toISOString() }),
    })),
  };
}

function exportRoute(exportOf: NonNullable<NocSources['exportOf']>): Route {
  return change({
    path: '/api/v1/exports',
    tag: 'subscribers',
    role: 'operator',
    does: 'Everything that is kept of one number, for its owner; the audit record says who asked',
    body: record({ msisdn: MSISDN, why: WHY }),
    answer: record({ records: list(record({ where: text('redis, evidence or cdr'), json: text('as it is kept') })) }),
    async handle({ body: { msisdn, why } }: Asked<unknown, unknown, Wish>) {
      const records = await exportOf(withoutPlus(msisdn));
      const deed = {
        what: 'subscriber.export',
        subject: lastThree(msisdn),
        before: {},
        after: { records: records.length },
        why,
      };
      return { view: { records: records.map(({ where, what }) => ({ where, json: JSON.stringify(what) })) }, deed };
    },
  });
}
