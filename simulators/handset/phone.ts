// Texting and watching.
import type { Control, Received } from './control.ts';
import type { HandsetFlags } from './flags.ts';
import { isAboutMessages, mailLines, pduLines, receivedLine, sentLine, threadHead } from './screen.ts';

type Print = (line: string) => void;

/** After the first message a second may follow (a notice after an answer): this long is waited for it. */
const QUIET_MS = 700;

/** Messages until it has been quiet for a while. */
async function collect(control: Control, to: string, span: { after: number; waitMs: number }): Promise<Received[]> {
  const batch = await control.messages({ to, ...span });
  const last = batch.at(-1);
  if (last === undefined) return batch;
  return [...batch, ...(await collect(control, to, { after: last.id, waitMs: QUIET_MS }))];
}

const newest = (ids: readonly { id: number }[]): number => Math.max(0, ...ids.map(({ id }) => id));

async function printBytes(control: Control, after: number, print: Print): Promise<void> {
  const pdus = await control.pdus(after);
  for (const pdu of pdus.filter(isAboutMessages)) for (const line of pduLines(pdu)) print(line);
}

/** Sends one text and prints the thread that follows; false when nothing came back in time. */
export async function text(control: Control, flags: HandsetFlags, message: string, print: Print): Promise<boolean> {
  const from = flags.numbers[0] ?? '';
  const after = newest(await control.messages({ to: from, after: 0, waitMs: 0 }));
  const carriedBefore = flags.bytes ? newest(await control.pdus(0)) : 0;
  print(threadHead(from, flags.to));
  const { to, carrier, waitMs } = flags;
  const sent = await control.sendMo({ from, to, text: message, carrier, waitMs });
  print(sentLine(message, sent));
  const received = await collect(control, from, { after, waitMs: flags.waitMs });
  for (const each of received) print(receivedLine(each));
  if (received.length === 0) print(`  (nothing came within ${flags.waitMs / 1000} s)`);
  if (flags.bytes) await printBytes(control, carriedBefore, print);
  return received.length > 0;
}

const POLL_MS = 30_000;

async function watchOne(control: Control, phone: string, flags: HandsetFlags, print: Print): Promise<never> {
  let after = newest(await control.messages({ to: phone, after: 0, waitMs: 0 }));
  let carried = flags.bytes ? newest(await control.pdus(0)) : 0;
  for (;;) {
    const batch = await control.messages({ to: phone, after, waitMs: POLL_MS });
    for (const each of batch) {
      print(threadHead(phone, each.from));
      print(receivedLine(each));
      after = each.id;
    }
    if (!flags.bytes || batch.length === 0) continue;
    await printBytes(control, carried, print);
    carried = newest(await control.pdus(0));
  }
}

/** Shows the phone's mailbox as it fills. */
async function watchMail(control: Control, phone: string, print: Print): Promise<never> {
  let after = newest(await control.mails({ to: phone, after: 0, waitMs: 0 }));
  for (;;) {
    const mails = await control.mails({ to: phone, after, waitMs: POLL_MS });
    for (const line of mails.flatMap(mailLines)) print(line);
    after = newest([{ id: after }, ...mails]);
  }
}

/** Prints the mails of one phone, waiting for the first; false when there is none in time. */
export async function mail(control: Control, flags: HandsetFlags, print: Print): Promise<boolean> {
  const mails = await control.mails({ to: flags.numbers[0] ?? '', after: 0, waitMs: flags.waitMs });
  for (const each of mails) for (const line of mailLines(each)) print(line);
  if (mails.length === 0) print(`  (no mail came within ${flags.waitMs / 1000} s)`);
  return mails.length > 0;
}

/** Rejects when the SMSC goes away. Mails too, where it knows a mail simulator. */
export async function watch(control: Control, flags: HandsetFlags, print: Print): Promise<void> {
  print(`watching ${flags.numbers.join(', ')}; Ctrl-C ends`);
  const mailed = await control.mails({ to: '', after: 0, waitMs: 0 }).then(
    () => flags.numbers,
    () => [],
  );
  await Promise.all([
    ...flags.numbers.map((phone) => watchOne(control, phone, flags, print)),
    ...mailed.map((phone) => watchMail(control, phone, print)),
  ]);
}
