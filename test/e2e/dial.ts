import type { DialogueRecord } from '../../simulators/smsc/ussd-dialogue.ts';
import type { Smsc } from '../../simulators/smsc/smsc.ts';
import { call } from '../../src/launcher/demo/subscriber.ts';

/** A phone in a USSD dialogue, over the simulator's control port. */
export interface Dialling {
  readonly id: string;
  readonly state: string;
  /** What the application said last. */
  readonly text: string;
  readonly turns: readonly { readonly by: string; readonly text: string }[];
  reply(text: string): Promise<Dialling>;
  hangUp(): Promise<Dialling>;
}

export async function dial(smsc: Smsc, from: string, code = '*384#'): Promise<Dialling> {
  const url = `http://127.0.0.1:${smsc.ports.http}`;
  const waitMs = 15_000;
  const view = (record: DialogueRecord): Dialling => ({
    id: record.id,
    state: record.state,
    text: record.turns.at(-1)?.text ?? '',
    turns: record.turns,
    reply: async (text) =>
      view((await call('POST', `${url}/ussd/${record.id}/reply`, { text, waitMs })) as DialogueRecord),
    hangUp: async () => view((await call('DELETE', `${url}/ussd/${record.id}`)) as DialogueRecord),
  });
  return view((await call('POST', `${url}/ussd`, { from, code, waitMs })) as DialogueRecord);
}
