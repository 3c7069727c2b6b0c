/**
 * So many are at work at once: they share the way to Redis and back, where hundreds one after the other would fall behind what happens,
 * and few enough go together for the orders' own steps to get in between.
 */
const AT_ONCE = 32;

/** Does all of it, some at once, in order of the list. All at work have ended before one that failed is told: what comes again must not meet its own first try. */
export async function someAtOnce<One>(list: readonly One[], work: (one: One) => Promise<unknown>): Promise<void> {
  for (let at = 0; at < list.length; at += AT_ONCE) {
    const ended = await Promise.allSettled(list.slice(at, at + AT_ONCE).map(work));
    const failed = ended.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }
}
