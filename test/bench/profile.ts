/** The busiest functions of a CPU profile that `node --cpu-prof` wrote. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { markdown } from './table.ts';

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds. */
  readonly timeDeltas: readonly number[];
}

/** Where a function is, as a person names it. */
function placeOf({ callFrame: { functionName, url, lineNumber } }: ProfileNode): string {
  const file = url.replace(/^.*\/(node_modules|dist)\//, '').replace(/^file:\/\//, '');
  const name = functionName === '' ? '(anonymous)' : functionName;
  return file === '' ? name : `${name} ${file}:${lineNumber + 1}`;
}

export function selfTimes(profile: Profile): ReadonlyMap<string, number> {
  const places = new Map(profile.nodes.map((node) => [node.id, placeOf(node)]));
  const times = new Map<string, number>();
  profile.samples.forEach((id, at) => {
    const place = places.get(id) ?? '';
    times.set(place, (times.get(place) ?? 0) + (profile.timeDeltas[at] ?? 0));
  });
  return times;
}

/** Idle time left out of the whole. */
export function topFunctions(file: string, count: number): string {
  const times = selfTimes(JSON.parse(readFileSync(file, 'utf8')) as Profile);
  const busy = [...times].filter(([place]) => place !== '(idle)' && place !== '(program)');
  const whole = busy.reduce((sum, [, time]) => sum + time, 0);
  const top = busy.sort(([, left], [, right]) => right - left).slice(0, count);
  return `${basename(file)}\n${markdown(
    ['function', 'own time'],
    top.map(([place, time]) => [place, `${((100 * time) / whole).toFixed(1)} %`]),
  )}`;
}
