import type { Config } from '../config/config.ts';
import { hex } from '../domain/ids.ts';
import { textName } from '../domain/message.ts';
import type { Mail } from '../mail/mail.ts';
import { createMail } from '../mail/mail.ts';
import type { Storage } from './storage.ts';

const DAY = 86_400_000;

interface Counted {
  readonly stores: Pick<Storage['stores'], 'quotas'>;
  readonly hashing: Storage['hashing'];
}

/** The email channel where config names a mail server. Anybody may name any address, so each gets only so many (E20). */
export function mailChannel(
  { mail: settings }: Pick<Config, 'mail'>,
  { stores: { quotas }, hashing }: Counted,
): Mail | undefined {
  if (settings === undefined) return undefined;
  const mail = createMail(settings);
  const nameOf = (address: string): string =>
    `mail:${hex(hashing.mac('msisdn', address.toLowerCase()).subarray(0, 16))}`;
  return {
    ...mail,
    async submit(mt) {
      const quota = { limit: settings.perAddressAndDay, window: DAY };
      const counted = mt.address === undefined || (await quotas.take(nameOf(mt.address), textName(mt), quota));
      return counted ? mail.submit(mt) : { kind: 'unreachable', reason: 'the address had its emails of the day' };
    },
  };
}
