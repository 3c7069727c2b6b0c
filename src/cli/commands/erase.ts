import { ok } from '../../lib/result.ts';
import type { ErasureView } from '../../noc/api/erasures.ts';
import { LONG_PATIENCE, post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { FROM_INPUT, ofSubscriber } from '../reasoned.ts';

export const ERASE: Command = {
  usage: 'erase MSISDN',
  does: 'erases a number from Redis, evidence and CDR files; needs --why TEXT; exit code 1 when something must stay',
  options: WHY,
  more: `${FROM_INPUT}
What is under way, in dispute, subscribed to or inside the profile's legal retention stays, and is named; so does what
its evidence and CDR are still to be written of ("unwritten"): erase again a little later, and where it stays so see orderctl
outbox. Files are those of the process at --url: where processes keep files on several machines, ask each.`,
  run: ofSubscriber(async ({ api }, body) => {
    const done = await post<ErasureView>(api, '/api/v1/erasures', body, LONG_PATIENCE);
    if (!done.ok) return done;
    return ok({ data: done.value, text: erasedText(done.value), fine: done.value.holds.length === 0 });
  }),
};

function erasedText({ id, orders, texts, records, holds }: ErasureView): string {
  const files = Object.entries(records).map(([name, count]) => `, ${count} ${name} records`);
  return [
    `erasure ${id}: ${orders} orders, ${texts} texts${files.join('')}`,
    ...holds.map(({ order, why, until }) => {
      const what = order === undefined ? 'the record of the subscriber' : `order ${order}`;
      return `held: ${what}, ${why}${until === undefined ? '' : ` until ${until}`}`;
    }),
  ].join('\n');
}
