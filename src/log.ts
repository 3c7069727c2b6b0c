import { channel } from 'node:diagnostics_channel';
import type { Logger } from 'pino';
import { pino } from 'pino';
import type { Note, NoteFields } from './lib/note.ts';
import type { LogDestination } from './log-output.ts';
import { standardOutput } from './log-output.ts';
import { prettyLine } from './log-pretty.ts';
import { Refusal } from './lib/reason.ts';
import { createFlood } from './log-flood.ts';
import { scrubField, scrubText } from './log-scrub.ts';

export type EventLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal';

export interface LogSettings {
  readonly level: EventLevel;
  /** One coloured line for people in place of JSON. */
  readonly pretty: boolean;
  /** Every event name with its level: the event tables of all adapters together. */
  readonly events: Readonly<Record<string, EventLevel>>;
  /** Events that come by the thousand in an outage, one for each message: of those the log has a few a second, and counts the rest. */
  readonly floods?: ReadonlySet<string>;
  /** Epoch ms, to tell seconds apart. */
  readonly now?: () => number;
  /** Standard output unless a test wants the lines. */
  readonly destination?: LogDestination;
}

export interface Log {
  readonly note: Note;
  /** For what ends the process: written at once, before anything else can happen. */
  readonly fatal: (event: string, error: unknown) => void;
  /** Resolves when everything noted so far has left the process. */
  readonly flush: () => Promise<void>;
}

/** What a subscriber of the diagnostics channel `orderd` is handed for each note. */
export interface Published {
  readonly event: string;
  readonly level: EventLevel;
  readonly fields: NoteFields;
}

/** Counters, the live feed and tests listen here; without a subscriber a note costs them nothing. */
const published = channel('orderd');

/**
 * Notes as log lines. Only the fields of a note can get out, only when they are plain values, and every text passes the
 * scrubber (E15, E19); there is no other way to the destination. An event that no table lists is a warning by itself.
 */
export function createLog(settings: LogSettings): Log {
  const { events, level, pretty, floods = new Set(), now = Date.now } = settings;
  const out = settings.destination ?? standardOutput();
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    { write: (line: string) => out.write(pretty ? prettyLine(line) : line) },
  );
  const listings = new Map(Object.entries(events).map(([event, at]) => [event, listingOf(logger, at, true)]));
  const unlisted = listingOf(logger, 'warn', false);
  const flood = createFlood(floods, now);
  const tellHeldBack = (isOver?: boolean): void => {
    for (const held of flood.heldBack(isOver)) logger.warn({ event: 'log.held-back', ...held });
  };
  return {
    note(event, fields = {}) {
      const { at, listed, written } = listings.get(event) ?? unlisted;
      if (!written && !published.hasSubscribers) return;
      const facts = plainFields(fields);
      publish(event, at, facts);
      if (!written) return;
      tellHeldBack();
      if (!flood.admits(event)) return;
      logger[at](listed ? { event, ...facts } : { event, ...facts, unlisted: true });
    },
    fatal(event, error) {
      logger.fatal({ event, error: scrubText(errorText(error)) });
      out.flushSync?.();
    },
    flush() {
      tellHeldBack(true);
      return flushed(out);
    },
  };
}

interface Listing {
  readonly at: EventLevel;
  readonly listed: boolean;
  readonly written: boolean;
}

function listingOf(logger: Logger, at: EventLevel, listed: boolean): Listing {
  return { at, listed, written: logger.isLevelEnabled(at) };
}

function publish(event: string, level: EventLevel, fields: NoteFields): void {
  if (published.hasSubscribers) published.publish({ event, level, fields } satisfies Published);
}

/** Mostly nothing has to go, and then nothing is copied. */
function plainFields(fields: NoteFields): NoteFields {
  for (const name in fields) if (scrubField(name, fields[name]) !== fields[name]) return scrubbedFields(fields);
  return fields;
}

function scrubbedFields(fields: NoteFields): NoteFields {
  const plain: Record<string, string | number | boolean> = {};
  for (const name of Object.keys(fields)) {
    const safe = scrubField(name, fields[name]);
    if (safe !== undefined) plain[name] = safe;
  }
  return plain;
}

/** A Refusal, and what the system or Redis refused (a port, a file, a connection, a login): its message. A stack is for faults of ours. */
function errorText(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error instanceof Refusal || isOfTheSystem(error) || isOfTheSystem(error.cause)
    ? error.message
    : (error.stack ?? error.message);
}

/** ENOENT, EADDRINUSE, ..., or an error reply of Redis (WRONGPASS, NOPERM, ...); Node's own codes begin with ERR_. */
function isOfTheSystem(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'ReplyError' || ('code' in error && /^E[A-Z0-9]+$/.test(String(error.code)));
}

function flushed(out: LogDestination): Promise<void> {
  return new Promise((resolve) => {
    if (out.flush === undefined) resolve();
    else out.flush(() => resolve());
  });
}
