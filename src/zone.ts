import { IANAZone } from 'luxon';
import type { Zone } from './domain/calendar.ts';

const MINUTE = 60_000;
/** Every change of the tz database falls on a quarter of an hour of UTC since 1970 where clocks matter to a subscriber. */
const QUARTER = 15 * MINUTE;
const REMEMBERED = 4096;

/** A time zone of the IANA database by its name, such as Africa/Nairobi; undefined when there is none (docs/adr/0022). */
export function zoneOf(name: string): Zone | undefined {
  if (!IANAZone.isValidZone(name)) return undefined;
  const zone = IANAZone.create(name);
  const offsets = new Map<number, number>();
  return (at) => {
    const quarter = Math.floor(at / QUARTER);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= REMEMBERED) offsets.clear();
    const offset = zone.offset(quarter * QUARTER) * MINUTE;
    offsets.set(quarter, offset);
    return offset;
  };
}
