// What the phone shows, as lines of text.
import { dissect } from '../smpp/dissect.ts';
import type { Carried, Received, ReceivedMail, Sent } from './control.ts';

const clock = (iso: string): string => iso.slice(11, 19);

const indent = (text: string): string => text.replaceAll('\n', '\n              ');

export function sentLine(text: string, sent: Sent): string {
  const line = `  ${clock(new Date().toISOString())}  > ${indent(text)}`;
  if (sent.pending === true) return `${line}   (not answered yet)`;
  const again = sent.redeliveries === 0 ? '' : `, ${sent.redeliveries} redelivered`;
  const parts = sent.parts === 1 ? '' : `, ${sent.parts} parts`;
  const status = sent.statusName === 'ESME_ROK' ? 'sent' : `not taken: ${sent.statusName ?? 'no answer'}`;
  return `${line}   (${status}${parts}${again})`;
}

export function receivedLine(message: Received): string {
  const flash = message.channel === 'flash' ? '[flash, shown at once, not stored] ' : '';
  return `  ${clock(message.at)}  < ${flash}${indent(message.text)}`;
}

export function mailLines(mail: ReceivedMail): string[] {
  return [
    `  ${clock(mail.at)}  mail from ${mail.from} to ${mail.to.join(', ')}: ${mail.subject}`,
    `            < ${indent(mail.text)}`,
  ];
}

export const threadHead = (phone: string, other: string): string => `${phone} with ${other}`;

/** Field names of two columns, so that offsets and octets can be followed into a capture. */
export function pduLines(pdu: Carried): string[] {
  const way = pdu.direction === 'in' ? 'ESME to SMSC' : 'SMSC to ESME';
  const lines = dissect(Buffer.from(pdu.hex, 'hex')).map(
    ({ offset, hex, name, meaning }) =>
      `    ${String(offset).padStart(4)}  ${name.padEnd(26)} ${meaning}${hex.length > 16 ? '' : `  [${hex}]`}`,
  );
  return [`  --- ${way}, PDU ${pdu.id}`, ...lines];
}

/** enquire_link and its response say nothing about a message. */
export const isAboutMessages = (pdu: Carried): boolean => !/^.{8}(0|8)0000015/.test(pdu.hex);
