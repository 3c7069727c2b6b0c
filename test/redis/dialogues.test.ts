import { describe, expect, it } from 'vitest';
import { dialogue } from './dialogue.ts';
import { MSISDN, partitionOfMsisdn } from './fixtures.ts';
import { useBench, useServer } from './support.ts';

const bench = useBench(useServer());
const partition = partitionOfMsisdn(MSISDN);

describe('the store of USSD dialogues', () => {
  it('keeps a record as it is, and finds it by number and by what the wake set names', async () => {
    const { dialogues, wake } = bench.stores;
    expect(await dialogues.read(MSISDN)).toBeUndefined();
    expect(await dialogues.move(undefined, dialogue(), 5)).toBe(true);
    expect(await dialogues.read(MSISDN)).toEqual(dialogue());
    const [due] = await wake.claimDue(partition, 5, 10);
    expect(due).toMatchObject({ kind: 'dialogue', fence: 1 });
    expect(await dialogues.find(due?.id ?? '')).toEqual(dialogue());
  });

  it('lets one of many turns that come at once move it, whichever process each reached', async () => {
    const { dialogues } = bench.stores;
    await dialogues.move(undefined, dialogue(), 5);
    const turns = Array.from({ length: 50 }, (_, turn) => dialogue({ version: 2, turn }));
    const moved = await Promise.all(turns.map((next) => dialogues.move(dialogue(), next, 5)));
    expect(moved.filter((one) => one)).toHaveLength(1);
    expect(await dialogues.move(dialogue(), dialogue({ version: 2 }), 5)).toBe(false);
    expect(await dialogues.move(undefined, dialogue({ id: '00-other' }), 5)).toBe(false);
  });

  it('wakes nobody once it is over and settled, and is forgotten after an hour', async () => {
    const { dialogues, wake } = bench.stores;
    await dialogues.move(undefined, dialogue(), 5);
    const over = dialogue({ version: 2, state: 'released', until: 0 });
    expect(await dialogues.move(dialogue(), over, undefined)).toBe(true);
    expect(await wake.claimDue(partition, 1e12, 10)).toEqual([]);
    const [key = ''] = await bench.redis.keys('*:ussd:*');
    expect(await bench.redis.pttl(key)).toBeGreaterThan(3_000_000);
    expect(key).not.toContain(MSISDN);
  });
});
