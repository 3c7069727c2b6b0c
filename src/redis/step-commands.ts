import type { Redis } from 'ioredis';
import { Refusal } from '../lib/reason.ts';
import { partitionsKey } from './partitions.ts';
import type { Script } from './scripts.ts';

/** With its subcommand, where it has one. */
const COMMAND = /redis\.call\('([A-Z]+)'(?:, '([A-Z]+)')?/g;

/**
 * Throws where our user may not send each command of the Lua steps, as after an upgrade with an older `config/redis.acl`: such a step
 * stops half-way and what it has written stays, so that an order could hang for good with its money taken.
 */
export async function refuseHalfSteps(
  redis: Redis,
  prefix: string,
  scripts: ReadonlyMap<string, Script>,
): Promise<void> {
  const asked = scripts.get('name-forbidden')?.text ?? '';
  const forbidden = (await redis.eval(asked, 1, partitionsKey(prefix), ...commandsOf(scripts))) as readonly string[];
  if (forbidden.length === 0) return;
  throw new Refusal(
    `the user of this Redis may not send ${forbidden.join(', ')} with keys that begin with {${prefix}: (config/redis.acl has all that orderd needs)`,
  );
}

function commandsOf(scripts: ReadonlyMap<string, Script>): readonly string[] {
  const calls = [...scripts.values()].flatMap(({ text }) => [...text.matchAll(COMMAND)]);
  return [...new Set(calls.map(([, name = '', sub]) => (sub === undefined ? name : `${name}|${sub}`)))];
}
