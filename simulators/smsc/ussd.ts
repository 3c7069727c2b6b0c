// USSD gateway: dials, replies and pushes as deliver_sm and submit_sm with ussd_service_op.
import { addressFields } from '../smpp/address.ts';
import type { Pdu, PduParts } from '../smpp/pdu.ts';
import { intTlv, textField } from '../smpp/pdu.ts';
import type { StatusName } from '../smpp/status.ts';
import { encodeChars } from '../smpp/text.ts';
import { TAG, uintTlv } from '../smpp/tlv.ts';
import type { UserData } from '../smpp/user-data.ts';
import type { SmscOptions } from './options.ts';
import type { Session } from './session.ts';
import { isBound } from './session-fsm.ts';
import type { Topic } from './topic.ts';
import { topic } from './topic.ts';
import { dialectOf, OP } from './ussd-dialects.ts';
import type { DialogueRecord, Opening } from './ussd-dialogue.ts';
import { Dialogue } from './ussd-dialogue.ts';
import type { DialogueEvent } from './ussd-fsm.ts';

/** The part of the SMSC that the gateway needs. */
interface Around {
  readonly options: SmscOptions;
  readonly sessions: ReadonlySet<Session>;
}

export interface Dial {
  readonly from: string;
  readonly code: string;
  readonly session: Session;
}

/** What the phone shows when the network gives no answer. */
const NO_ANSWER = 'Connection problem or invalid MMI code.';
const KEPT = 1_000;

const EVENTS: Readonly<Record<number, DialogueEvent>> = {
  [OP.ussrRequest]: 'app-ask',
  [OP.ussnRequest]: 'app-notify',
  [OP.pssrResponse]: 'app-end',
};

/** A request that is marked as the last PDU ends the dialogue whatever its operation. */
function eventOf(request: Pdu, last: boolean): DialogueEvent | undefined {
  const op = intTlv(request, TAG.ussd_service_op) ?? 0;
  return op === OP.ussrRequest && last ? 'app-end' : EVENTS[op];
}

/** GSM7 where it can carry the text, else UCS2. */
function encoded(text: string): { data_coding: number; short_message: Uint8Array } {
  const septets = encodeChars(text, 'gsm7');
  const octets = septets ?? encodeChars(text, 'ucs2') ?? [];
  return { data_coding: septets === undefined ? 8 : 0, short_message: Uint8Array.from(octets.flat()) };
}

/** 160 octets: 182 packed septets or 80 UCS2 characters (3GPP TS 23.038 section 5, TS 24.080). */
const fitsScreen = (text: string): boolean => {
  const septets = encodeChars(text, 'gsm7');
  return septets === undefined ? text.length <= 80 : septets.flat().length <= 182;
};

export const isUssd = (request: Pdu): boolean =>
  textField(request, 'service_type') === 'USSD' || intTlv(request, TAG.ussd_service_op) !== undefined;

export class UssdGateway {
  private readonly core: Around;
  /** By MSISDN: one live dialogue each. */
  private readonly live = new Map<string, Dialogue>();
  private readonly all = new Map<string, Dialogue>();
  readonly changed: Topic<DialogueRecord> = topic();
  private last = 0;

  constructor(core: Around) {
    this.core = core;
  }

  find(id: string): DialogueRecord | undefined {
    return this.all.get(id)?.record();
  }

  list(msisdn?: string): DialogueRecord[] {
    const records = [...this.all.values()].map((dialogue) => dialogue.record());
    return records.filter((record) => msisdn === undefined || record.msisdn === msisdn);
  }

  /** Undefined when the phone is in a dialogue already. */
  dial({ from, code, session }: Dial): DialogueRecord | undefined {
    if (this.live.has(from)) return undefined;
    const dialogue = this.open({
      kind: 'opened',
      msisdn: from,
      code,
      account: session.account ?? '',
      bind: session.id,
    });
    dialogue.take('dial', { by: 'user', text: code });
    void this.tell(dialogue, OP.pssrIndication, code);
    return dialogue.record();
  }

  /** False when the dialogue does not wait for the user. */
  reply(id: string, text: string): boolean {
    const dialogue = this.all.get(id);
    if (dialogue?.take('reply', { by: 'user', text }) !== true) return false;
    void this.tell(dialogue, OP.ussrConfirm, text);
    return true;
  }

  cancel(id: string): boolean {
    const dialogue = this.all.get(id);
    if (dialogue?.take('cancel') !== true) return false;
    void this.tell(dialogue, OP.abort, '');
    return true;
  }

  /** The network's timer is over now, for whoever it waited. False when the dialogue was over. */
  expire(id: string): boolean {
    const dialogue = this.all.get(id);
    if (dialogue?.take('timeout', { by: 'network', text: NO_ANSWER }) !== true) return false;
    void this.tell(dialogue, OP.abort, '');
    return true;
  }

  /** What the ESME says to a phone: what to refuse it with, or what to do once it is answered. */
  submit(session: Session, request: Pdu, user: UserData): StatusName | (() => void) {
    if (!fitsScreen(user.text)) return 'ESME_RINVMSGLEN';
    const mark = dialectOf(this.core.options.ussd.dialect).read(request);
    const event = eventOf(request, mark?.end ?? false);
    if (event === undefined) return 'ESME_RINVOPTPARAMVAL';
    const dialogue = this.addressed(session, request, mark?.number);
    if (typeof dialogue === 'string') return dialogue;
    if (!dialogue.take(event, { by: 'app', text: user.text })) return 'ESME_RINVOPTPARAMVAL';
    return () => {
      if (event === 'app-notify') void this.tell(dialogue, OP.ussnConfirm, '');
      else this.watch(dialogue);
    };
  }

  /** The live dialogue that the request means, or a new one that it pushes. */
  private addressed(session: Session, request: Pdu, number: number | undefined): Dialogue | StatusName {
    const msisdn = textField(request, 'destination_addr');
    const live = this.live.get(msisdn);
    if (live !== undefined) {
      const known = number === undefined || number === live.opening.number;
      return known ? live : 'ESME_RINVOPTPARAMVAL';
    }
    if (number !== undefined && this.ended(msisdn, number)) return 'ESME_RINVOPTPARAMVAL';
    if (intTlv(request, TAG.ussd_service_op) === OP.pssrResponse) return 'ESME_RINVOPTPARAMVAL';
    const [code, account] = [textField(request, 'source_addr'), session.account ?? ''];
    return this.open({ kind: 'pushed', msisdn, code, account, bind: session.id }, number);
  }

  /** A late word to a dialogue that the subscriber opened is no new push. */
  private ended(msisdn: string, number: number): boolean {
    const same = ({ opening: its }: Dialogue): boolean => its.msisdn === msisdn && its.number === number;
    return [...this.all.values()].some((dialogue) => same(dialogue) && dialogue.opening.kind === 'opened');
  }

  private open(opening: Omit<Opening, 'id' | 'number'>, number?: number): Dialogue {
    this.last += 1;
    const { lastNumber } = dialectOf(this.core.options.ussd.dialect);
    const own = ((this.last - 1) % lastNumber) + 1;
    const dialogue = new Dialogue({ ...opening, id: `ussd-${this.last}`, number: number ?? own }, (changed) =>
      this.note(changed),
    );
    this.all.set(dialogue.opening.id, dialogue);
    if (this.all.size > KEPT) this.all.delete([...this.all.keys()][0] ?? '');
    return dialogue;
  }

  private note(dialogue: Dialogue): void {
    const { msisdn } = dialogue.opening;
    if (dialogue.state !== 'released') this.live.set(msisdn, dialogue);
    else if (this.live.get(msisdn) === dialogue) this.live.delete(msisdn);
    this.changed.tell(dialogue.record());
  }

  /** The network's timers: how long the application, and how long the subscriber, may think. */
  private watch(dialogue: Dialogue): void {
    const { appTimeoutMs, userTimeoutMs } = this.core.options.ussd;
    const expire = (): void => void this.expire(dialogue.opening.id);
    if (dialogue.state === 'awaiting-app') dialogue.arm(appTimeoutMs, expire);
    if (dialogue.state === 'awaiting-user') dialogue.arm(userTimeoutMs, expire);
  }

  /** USSD is not stored: one try, on the bind that holds the dialogue. */
  private async tell(dialogue: Dialogue, op: number, text: string): Promise<void> {
    const { opening } = dialogue;
    const session = [...this.core.sessions].find(({ id, state }) => id === opening.bind && isBound(state));
    const answer = await session?.request('deliver_sm', this.parts(dialogue, op, text));
    if (answer?.kind === 'answer' && answer.pdu.status === 0) {
      this.watch(dialogue);
      return;
    }
    dialogue.take('failed', { by: 'network', text: NO_ANSWER });
  }

  private parts(dialogue: Dialogue, op: number, text: string): PduParts {
    const { opening } = dialogue;
    const { dialect, codeIn } = this.core.options.ussd;
    const service = codeIn === 'destination_addr' ? opening.code : (/\d+/.exec(opening.code)?.[0] ?? opening.code);
    const said = codeIn === 'destination_addr' && op === OP.pssrIndication ? '' : text;
    dialogue.sequence += 1;
    const mark = { number: opening.number, end: dialogue.state === 'released' };
    return {
      fields: {
        ...addressFields(opening.msisdn, service),
        service_type: 'USSD',
        ...encoded(said),
      },
      tlvs: [uintTlv(TAG.ussd_service_op, op, 1), ...dialectOf(dialect).write(mark, dialogue.sequence)],
    };
  }
}
