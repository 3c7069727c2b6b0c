import type { Dialogue } from '../../src/domain/dialogue.ts';
import { partitionOf } from '../../src/domain/ids.ts';
import type { MoAck } from '../../src/domain/message.ts';
import type { UssdSession, UssdTurn } from '../../src/domain/ussd.ts';
import type { Due, Ports, UssdPorts, Wake } from '../../src/flow/ports/ports.ts';
import { goOnUssd } from '../../src/flow/ussd/go-on.ts';
import { sayForOther, sayUssd } from '../../src/flow/ussd/speaker.ts';
import { receiveUssd } from '../../src/flow/ussd/turn.ts';
import { DialogueMemory, MENU, turn, UssdGateway } from './fakes/ussd.ts';
import { CLAIM } from './fakes/subscribers.ts';
import { ALICE, SETTINGS, World } from './world.ts';

/** One process with the binds that it holds. */
export interface Process {
  readonly ports: UssdPorts;
  readonly gateway: UssdGateway;
}

/** A World whose network speaks USSD: processes share dialogues, and call each other by name (E23). */
export class UssdWorld extends World {
  readonly dialogues = new DialogueMemory(this.memory);
  readonly processes = new Map<string, Process>();
  /** Hears each note before its flow goes on. */
  onNote: (event: string) => void = () => undefined;
  /** The process that the gateway is bound to. */
  here: Process;
  /** Turns of the dialogue so far: its_session_info counts them. */
  #sequence = 0;

  constructor(scores: Readonly<Record<string, number>> = {}) {
    super(scores);
    this.settings = { ...SETTINGS, channels: ['sms', 'flash', 'ussd'] };
    this.here = this.launch('orderd-1', 0x1000);
    this.ports = this.here.ports;
  }

  launch(name: string, endToEnd: number): Process {
    const gateway = new UssdGateway();
    const base = this.start(`${name}.example.org`, endToEnd);
    const ports: UssdPorts = {
      ...base,
      note: (event, fields) => {
        base.note(event, fields);
        this.onNote(event);
      },
      wake: {
        claimDue: (...asked) => this.#claimDue(base.wake, ...asked),
      },
      speaker: { submit: (mt) => (mt.channel === 'ussd' ? sayUssd(ports, mt) : base.speaker.submit(mt)) },
      ussd: {
        dialogues: this.dialogues.port(),
        line: gateway.line(),
        call: async (process, mtId) => {
          const other = this.processes.get(process);
          return other && (await sayForOther(other.ports, mtId));
        },
        process: name,
        menu: () => MENU,
        languages: () => [{ id: 'en', name: 'English' }],
      },
    };
    this.processes.set(name, { ports, gateway });
    return { ports, gateway };
  }

  /** A process without a menu, on the same store. */
  launchPlain(name: string): Ports {
    const base = this.start(`${name}.example.org`, 0x9000);
    return { ...base, wake: { claimDue: (...asked) => this.#claimDue(base.wake, ...asked) } };
  }

  async #claimDue(wake: Wake, ...asked: Parameters<Wake['claimDue']>): Promise<readonly Due[]> {
    const [partition, now, , kinds] = asked;
    const rest = await wake.claimDue(...asked);
    if (kinds?.includes('dialogue') === false) return rest;
    const due = [...this.dialogues.wakes].filter(([id, at]) => partitionOf(id) === partition && at <= now);
    for (const [id] of due) this.dialogues.wakes.set(id, now + CLAIM);
    return [...rest, ...due.map(([id]): Due => ({ kind: 'dialogue', id, fence: 1 }))];
  }

  /** Session 7 by the book: octet 2 counts the turns in bits 7-1. */
  session(number = 7): UssdSession {
    this.#sequence += 1;
    const octets = [number, (this.#sequence << 1) & 0xfe];
    return { tag: 0x1383, value: Buffer.from(octets).toString('hex'), number };
  }

  async deliverTurn(one: UssdTurn): Promise<MoAck> {
    const { ack, next } = await receiveUssd(this.here.ports, one);
    await goOnUssd(this.here.ports, next);
    return ack;
  }

  dial(text = '*384#', more: Partial<UssdTurn> = {}): Promise<MoAck> {
    return this.deliverTurn(turn('dial', text, { session: this.session(), ...more }));
  }

  /** Types each of these at the screen before it. */
  async type(...texts: readonly string[]): Promise<void> {
    for (const text of texts) await this.deliverTurn(turn('reply', text, { session: this.session() }));
  }

  hangUp(): Promise<MoAck> {
    return this.deliverTurn(turn('abort', '', { session: this.session() }));
  }

  /** Dials and orders the `service`-th service of the menu. */
  async orderService(service: number): Promise<void> {
    await this.dial();
    await this.type('1', String(service), '1');
  }

  dialogue(msisdn = ALICE): Dialogue {
    const found = this.dialogues.byMsisdn.get(msisdn);
    if (found === undefined) throw new Error('nobody dialled');
    return found;
  }

  /** `17 ordered`: operation and first word of each screen that was sent. */
  screens({ gateway }: Process = this.here): readonly string[] {
    return gateway.said.map(({ text, ussd }) => `${ussd?.op ?? '-'} ${/^[^\n|]*/.exec(text)?.[0].trim() ?? ''}`);
  }
}
