import type { Config } from '../config/config.ts';
import type { Ports, Speaker, UssdPorts } from '../flow/ports/ports.ts';
import type { Ussd } from '../flow/ports/ussd.ts';
import { isUssd } from '../flow/ussd/end.ts';
import { goOnUssd } from '../flow/ussd/go-on.ts';
import { sayForOther, sayUssd } from '../flow/ussd/speaker.ts';
import { receiveUssd } from '../flow/ussd/turn.ts';
import type { Note } from '../lib/note.ts';
import type { DialogueCalls } from '../redis/dialogue-calls.ts';
import { createDialogueCalls } from '../redis/dialogue-calls.ts';
import type { Gateway, GatewayHandlers } from '../smpp/gateway.ts';
import type { Running } from './running.ts';
import type { Storage } from './storage.ts';

/** USSD as this process speaks it. */
export interface UssdParts {
  readonly ussd: Ussd;
  readonly speaker: Speaker;
  close(): void;
}

interface Around {
  readonly storage: Storage;
  readonly gateway: Gateway;
  readonly ports: () => Ports;
  readonly note: Note;
}

/** Undefined where config has no menu: the links then take no turns. */
export function buildUssd(config: () => Config, around: Around): UssdParts | undefined {
  const { ussd } = config();
  if (ussd === undefined) return undefined;
  const { storage, gateway, note } = around;
  const ports = (): UssdPorts => withUssd(around.ports());
  const process = storage.owner;
  const say = (mtId: string): ReturnType<typeof sayForOther> => sayForOther(ports(), mtId);
  const calls: DialogueCalls = createDialogueCalls(storage.redis, { process, say, clock: storage.clock, note });
  return {
    ussd: {
      dialogues: storage.stores.dialogues,
      line: gateway.ussd,
      call: (name, mtId) => calls.call(name, mtId),
      process,
      menu: () => (config().ussd ?? ussd).menu,
      languages: () => config().languages.map(({ language }) => ({ id: language, name: nameOf(language) })),
    },
    speaker: { submit: (mt) => sayUssd(ports(), mt) },
    close: () => calls.close(),
  };
}

function withUssd(ports: Ports): UssdPorts {
  if (isUssd(ports)) return ports;
  throw new TypeError('a link speaks USSD and config has no menu');
}

const names = new Map<string, string>();

/** As its own speakers write it. */
function nameOf(language: string): string {
  const name = names.get(language) ?? new Intl.DisplayNames([language], { type: 'language' }).of(language) ?? language;
  names.set(language, name);
  return name;
}

/**
 * A turn is acknowledged once the store holds it; what it shows leaves after that. A reload may have given a link USSD in a
 * process that began without a menu: its turns are refused until the restart that was asked for.
 */
export function ussdHandler(ports: () => Ports, running: Running): Required<GatewayHandlers>['onUssd'] {
  return async (turn) => {
    const p = ports();
    if (!isUssd(p)) {
      p.note('ussd.dropped', { link: turn.link, turn: turn.event, why: 'no menu before a restart' });
      return { ack: 'rejected' };
    }
    const { ack, next } = await receiveUssd(p, turn);
    return { ack, after: () => running.go('ussd turn', () => goOnUssd(p, next)) };
  };
}
