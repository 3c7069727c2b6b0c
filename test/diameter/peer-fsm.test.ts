import { describe, expect, test } from 'vitest';
import { PEER_TABLE } from '../../src/diameter/peer-fsm.ts';

/** RFC 6733 5.6, the rows that an initiator has, copied from the RFC: state, event, action, next state. */
const RFC = `
Closed        | Start           | I-Snd-Conn-Req         | Wait-Conn-Ack
Wait-Conn-Ack | I-Rcv-Conn-Ack  | I-Snd-CER              | Wait-I-CEA
Wait-Conn-Ack | I-Rcv-Conn-Nack | Cleanup                | Closed
Wait-Conn-Ack | Timeout         | Error                  | Closed
Wait-I-CEA    | I-Rcv-CEA       | Process-CEA            | I-Open
Wait-I-CEA    | I-Peer-Disc     | I-Disc                 | Closed
Wait-I-CEA    | I-Rcv-Non-CEA   | Error                  | Closed
Wait-I-CEA    | Timeout         | Error                  | Closed
I-Open        | Send-Message    | I-Snd-Message          | I-Open
I-Open        | I-Rcv-Message   | Process                | I-Open
I-Open        | I-Rcv-DWR       | Process-DWR, I-Snd-DWA | I-Open
I-Open        | I-Rcv-DWA       | Process-DWA            | I-Open
I-Open        | Stop            | I-Snd-DPR              | Closing
I-Open        | I-Rcv-DPR       | I-Snd-DPA              | Closing
I-Open        | I-Peer-Disc     | I-Disc                 | Closed
Closing       | I-Rcv-DPA       | I-Disc                 | Closed
Closing       | Timeout         | Error                  | Closed
Closing       | I-Peer-Disc     | I-Disc                 | Closed`;

/** Ours beyond the RFC, each with its reason beside the table. */
const NON_STANDARD = `
Wait-Conn-Ack | Stop            | Cleanup                | Closed
Wait-I-CEA    | Stop            | Cleanup                | Closed
Closing       | I-Rcv-Message   | Process                | Closing
Closing       | I-Rcv-DWR       | Process-DWR, I-Snd-DWA | Closing
Closing       | I-Rcv-DWA       | Process-DWA            | Closing
Closing       | I-Rcv-DPR       | I-Snd-DPA              | Closing`;

const rows = (text: string): string[] =>
  text
    .trim()
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .map((cell) => cell.trim())
        .join(' | '),
    );

const table = Object.entries(PEER_TABLE).flatMap(([state, events]) =>
  Object.entries(events).map(([event, row]) => [state, event, row.do ?? '', row.to].join(' | ')),
);

describe('RFC 6733 5.6 peer state machine', () => {
  test.each(rows(RFC))('%s', (row) => expect(table).toContain(row));
  test.each(rows(NON_STANDARD))('non-standard: %s', (row) => expect(table).toContain(row));
  test('there is no other row', () => {
    expect(table.toSorted()).toEqual([...rows(RFC), ...rows(NON_STANDARD)].toSorted());
  });
});
