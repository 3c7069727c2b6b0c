// MO file feed: one message per line, at a steady rate, however long the answers take.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { check, moBody } from './requests.ts';
import type { MoRequest, MoSender } from './mo.ts';
import type { Smsc } from './smsc.ts';

/** What --feed and --feed-rate ask for. */
export interface Feed {
  readonly file: string;
  /** Messages a second. */
  readonly rate: number;
}

export interface FeedReport {
  readonly sent: number;
  /** Messages by the status of their answer, 'no-bind', 'unanswered' or 'unreadable'. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** JSON lines as POST /mo takes them, or CSV lines `from,to,text` whose text may hold commas. */
function readLine(line: string): MoRequest | undefined {
  try {
    const [from, to, ...text] = line.split(',');
    const input: unknown = line.startsWith('{') ? JSON.parse(line) : { from, to, text: text.join(',') };
    const body = check(moBody, input);
    return 'error' in body ? undefined : body.value;
  } catch {
    return undefined;
  }
}

async function outcomeOf(mo: MoSender, line: string): Promise<string> {
  const request = readLine(line);
  if (request === undefined) return 'unreadable';
  const sent = mo(request);
  if ('error' in sent) return sent.reason;
  return (await sent).statusName ?? 'unanswered';
}

/** `rate` in messages a second. Rejects when the file cannot be read. */
export async function feed(mo: MoSender, file: string, rate: number): Promise<FeedReport> {
  const lines = readFileSync(file, 'utf8')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));
  const started = Date.now();
  const pending: Promise<string>[] = [];
  for (const [index, line] of lines.entries()) {
    // The n-th message has its own time, so one late start does not shift the rest.
    const due = started + (index * 1000) / rate;
    if (due > Date.now()) await sleep(due - Date.now());
    pending.push(outcomeOf(mo, line));
  }
  const outcomes: Record<string, number> = {};
  for (const outcome of await Promise.all(pending)) outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
  return { sent: lines.length, outcomes };
}

/** Starts when the first receiving bind is there, and resolves with a line that tells how it went. */
export async function feedBound(smsc: Pick<Smsc, 'receiving' | 'mo'>, { file, rate }: Feed): Promise<string> {
  await smsc.receiving();
  return JSON.stringify({ event: 'fed', ...(await feed(smsc.mo, file, rate)) });
}
