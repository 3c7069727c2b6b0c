import type { Redis } from 'ioredis';
import { Refusal } from '../lib/reason.ts';
import { partitionsKey } from './partitions.ts';
import type { Script } from './scripts.ts';

/** Redis 7.0 and later tell a script what its user may do. Every argument is the key, for as many as a command takes; none is run. */
const FORBIDDEN = `
local forbidden = {}
for _, command in ipairs(redis.acl_check_cmd and ARGV or {}) do
  local words = {}
  for word in string.gmatch(command, '[^|]+') do
    words[#words + 1] = word
  end
  for _ = 1, 4 do
    words[#words + 1] = KEYS[1]
  end
  if not redis.acl_check_cmd(unpack(words)) then
    forbidden[#forbidden + 1] = command
  end
end
return forbidden`;

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
  const answer = await redis.eval(FORBIDDEN, 1, partitionsKey(prefix), ...commandsOf(scripts));
  const forbidden = answer as readonly string[];
  if (forbidden.length === 0) return;
  throw new Refusal(
    `the user of this Redis may not send ${forbidden.join(', ')} with keys that begin with {${prefix}: (config/redis.acl has all that orderd needs)`,
  );
}

function commandsOf(scripts: ReadonlyMap<string, Script>): readonly string[] {
  const calls = [...scripts.values()].flatMap(({ text }) => [...text.matchAll(COMMAND)]);
  return [...new Set(calls.map(([, name = '', sub]) => (sub === undefined ? name : `${name}|${sub}`)))];
}
