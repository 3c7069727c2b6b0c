import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EVENTS } from '../../src/daemon/events.ts';
import { EVENT_METRICS } from '../../src/noc/event-metrics.ts';

/** Every text that may be the first argument of a note, whichever arm of a condition it stands in. */
function notedIn(source: string): readonly string[] {
  const firsts = [...source.matchAll(/\bnote\(([^,)]+)[,)]/g)].map(([, first = '']) => first);
  return firsts.flatMap((first) => [...first.matchAll(/'([a-z0-9-]+\.[a-z0-9-]+)'/g)].map(([, event = '']) => event));
}

describe('the event tables', () => {
  it('are searched by both arms of a condition', () => {
    expect(notedIn("note(isOver ? 'a.over' : 'a.again', { reason: 'x.y' }); this.#note('a.b')")).toEqual([
      'a.over',
      'a.again',
      'a.b',
    ]);
  });

  it('list every event that is noted anywhere', () => {
    const files = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const noted = files.flatMap((file) => notedIn(readFileSync(join('src', file), 'utf8')));
    expect(noted.length).toBeGreaterThan(80);
    expect([...new Set(noted)].filter((event) => !Object.hasOwn(EVENTS, event))).toEqual([]);
  });

  it('list what ends the process at the level at which it is written', () => {
    const ends = [...readFileSync('src/daemon/run.ts', 'utf8').matchAll(/\bfatal\('([^']+)'/g)].map(
      ([, event = '']) => event,
    );
    expect(ends.length).toBeGreaterThan(0);
    expect(ends.map((event) => EVENTS[event])).toEqual(ends.map(() => 'fatal'));
  });

  it('list every event that is counted; what the meter measures is none', () => {
    expect(Object.keys(EVENT_METRICS).filter((event) => !Object.hasOwn(EVENTS, event))).toEqual(['charge.timed']);
  });
});
