import type { SmppEnv } from '../env.ts';
import type { GatewayHandlers } from '../handlers.ts';
import { moOf, readStoredPart } from './inbound.ts';
import type { LateMessage, PartStore } from '../../flow/ports/part-store.ts';
import type { LinkSettings } from '../settings.ts';

/**
 * Hands over what there is of long MOs whose other parts never came: each part was acknowledged, and a STOP may be in it (P1). One that
 * is whole is handed over as held: what charges comes with the SMSC's next try of its last part, which was not acknowledged. What
 * the store does not take comes again; a link that no config names any more leaves its messages to whoever knows it.
 */
export async function handLateParts(
  handlers: GatewayHandlers,
  links: readonly { readonly settings: LinkSettings }[],
  env: SmppEnv,
): Promise<void> {
  const { parts } = handlers;
  if (parts === undefined) return;
  for (const message of await parts.late()) {
    const settings = links.find((link) => link.settings.name === message.link)?.settings;
    if (message.pdus.length === 0) await parts.dropLate(message);
    else if (settings !== undefined)
      await handOne(message, { settings, parts, handlers, env }).catch((error: unknown) =>
        env.note('mo.store-failed', { link: settings.name, reason: String(error) }),
      );
  }
}

interface Around {
  readonly settings: LinkSettings;
  readonly parts: PartStore;
  readonly handlers: GatewayHandlers;
  readonly env: SmppEnv;
}

async function handOne(message: LateMessage, { settings, parts, handlers, env }: Around): Promise<void> {
  const there = message.pdus
    .map((pdu) => readStoredPart(Buffer.from(pdu), settings))
    .filter((part) => part !== undefined);
  const isHeld = message.held && there.length === message.total;
  if (!isHeld) env.note('mo.parts-missing', { link: settings.name, have: there.length, total: message.total });
  const [first] = there;
  if (first !== undefined) {
    const mo = moOf(first, there, settings, env.clock.now());
    const { ack, after } = await handlers.onMo(isHeld ? { ...mo, held: true } : { ...mo, partial: true });
    if (ack === 'temporary-error') return;
    after?.();
  }
  await parts.dropLate(message);
}
