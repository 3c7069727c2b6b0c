import { randomBytes } from 'node:crypto';
import type { Mo, Mt, Receipt } from '../../../src/domain/message.ts';
import type { Gateway, GatewayHandlers } from '../../../src/smpp/gateway.ts';
import { createGateway } from '../../../src/smpp/gateway.ts';
import type { LinkSettings } from '../../../src/smpp/settings.ts';
import type { Peer } from './smsc.ts';
import { ScriptedSmsc } from './smsc.ts';
import { realClock } from './clock.ts';
import { linkSettings } from './settings.ts';

export interface Noted {
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A gateway against a scripted SMSC, and everything that it noted. */
export interface Rig {
  readonly smsc: ScriptedSmsc;
  readonly gateway: Gateway;
  readonly mos: Mo[];
  readonly receipts: Receipt[];
  readonly notes: Noted[];
  /** Resolves when `event` is noted the `count`-th time from the start. */
  readonly noted: (event: string, count?: number) => Promise<Noted>;
  /** Replaces what onMo does. */
  readonly onMo: (answer: GatewayHandlers['onMo']) => void;
  readonly onReceipt: (answer: GatewayHandlers['onReceipt']) => void;
  readonly close: () => Promise<void>;
}

export function startRig(...changes: Partial<LinkSettings>[]): Promise<Rig> {
  return startRigWith({}, ...changes);
}

export async function startRigWith(
  extra: Pick<GatewayHandlers, 'parts'>,
  ...changes: Partial<LinkSettings>[]
): Promise<Rig> {
  const smsc = await ScriptedSmsc.listen();
  const notes: Noted[] = [];
  const watchers = new Set<() => void>();
  const mos: Mo[] = [];
  const receipts: Receipt[] = [];
  let answerMo: GatewayHandlers['onMo'] = () => Promise.resolve({ ack: 'stored' });
  let answerReceipt: GatewayHandlers['onReceipt'] = () => Promise.resolve();
  const handlers: GatewayHandlers = {
    ...extra,
    onMo: (mo) => {
      mos.push(mo);
      return answerMo(mo);
    },
    onReceipt: (receipt) => {
      receipts.push(receipt);
      return answerReceipt(receipt);
    },
  };
  const links = (changes.length === 0 ? [{}] : changes).map((each) => linkSettings({ port: smsc.port, ...each }));
  const gateway = createGateway(links, handlers, {
    clock: realClock,
    random: (n) => randomBytes(n),
    note: (event, fields = {}) => {
      notes.push({ event, fields });
      for (const look of [...watchers]) look();
    },
  });
  gateway.start();
  return {
    smsc,
    gateway,
    mos,
    receipts,
    notes,
    noted: (event, count = 1) =>
      new Promise((resolve) => {
        const look = (): void => {
          const found = notes.filter((each) => each.event === event)[count - 1];
          if (found === undefined) return;
          watchers.delete(look);
          resolve(found);
        };
        watchers.add(look);
        look();
      }),
    onMo: (answer) => (answerMo = answer),
    onReceipt: (answer) => (answerReceipt = answer),
    close: async () => {
      await gateway.stop(0);
      await smsc.close();
    },
  };
}

/** A rig whose only link is bound. */
export async function boundRig(changes: Partial<LinkSettings> = {}): Promise<Rig & { readonly peer: Peer }> {
  const rig = await startRig(changes);
  const peer = await rig.smsc.connection();
  await peer.acceptBind();
  await rig.noted('link.bound');
  return { ...rig, peer };
}

export function mt(changes: Partial<Mt> = {}): Mt {
  return {
    id: 'mt-1',
    to: '491701234567',
    from: '12345',
    text: 'Pay 5€ @home',
    channel: 'sms',
    link: 'lab-1',
    validityMs: undefined,
    ...changes,
  };
}
