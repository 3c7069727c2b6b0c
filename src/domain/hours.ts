import type { Interaction } from './interaction.ts';

/** Times of the day in which at least something is asked. Minutes from midnight; one that ends before it begins runs over midnight. */
export interface HourSpan {
  readonly from: number;
  readonly to: number;
  readonly atLeast: Interaction;
}

export interface Hours {
  /** IANA time zone. */
  readonly zone: string;
  readonly spans: readonly HourSpan[];
}

/** Making one costs far more than using it; each is a pure function of its zone. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const found = formats.get(timeZone);
  if (found !== undefined) return found;
  const made = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(timeZone, made);
  return made;
}

/** Minutes since midnight in the zone. Throws a RangeError for a zone that does not exist. */
export function minuteOfDay(epochMs: number, zone: string): number {
  const [hour = '0', minute = '0'] = formatOf(zone).format(epochMs).split(':');
  return Number(hour) * 60 + Number(minute);
}

export function spansAt({ zone, spans }: Hours, epochMs: number): readonly HourSpan[] {
  if (spans.length === 0) return [];
  const minute = minuteOfDay(epochMs, zone);
  return spans.filter(({ from, to }) => (from <= to ? minute >= from && minute < to : minute >= from || minute < to));
}

/** `22:30` of minutes since midnight. */
export function clockText(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
