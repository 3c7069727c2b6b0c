import type { Dialogue } from '../../domain/dialogue.ts';
import { isLive } from '../../domain/dialogue.ts';
import { startOf, walkMenu } from '../../domain/menu.ts';
import { goOn } from '../go-on.ts';
import type { Next } from '../incoming.ts';
import type { UssdPorts } from '../ports/ports.ts';
import type { Shows, UssdNext } from './act.ts';
import { finish, label, showScreen } from './say.ts';
import { showPage } from './pages.ts';
import { viewFor } from './view.ts';
import { tellItWaits } from '../charge/waiting.ts';

/** Goes on after the turn was acknowledged: the gateway has its response before our answer. */
export async function goOnUssd(p: UssdPorts, next: UssdNext): Promise<void> {
  if (next.kind === 'show') await show(p, next.dialogue, next.decided);
  if (next.kind === 'act') await act(p, next.dialogue, next.next);
}

async function show(p: UssdPorts, dialogue: Dialogue, decided: Shows): Promise<void> {
  switch (decided.kind) {
    case 'start': {
      const view = await viewFor(p, dialogue, await p.subscribers.read(dialogue.msisdn));
      const place = walkMenu(p.ussd.menu(), view, startOf(p.ussd.menu()), decided.inputs);
      await showScreen(p, dialogue, { place, hint: undefined });
      return;
    }
    case 'screen':
      await showScreen(p, dialogue, decided);
      return;
    case 'page':
      await showPage(p, dialogue, decided.shown, decided.hint === undefined ? '' : label(p, dialogue, decided.hint));
      return;
    case 'language':
      await p.subscribers.setLanguage(dialogue.msisdn, decided.language);
      await speakAnew(p, dialogue, decided.language);
      return;
    case 'last':
      await finish(p, dialogue, decided.label);
  }
}

async function speakAnew(p: UssdPorts, dialogue: Dialogue, language: string): Promise<void> {
  const next = { ...dialogue, language, version: dialogue.version + 1 };
  if (await p.ussd.dialogues.move(dialogue, next, next.until))
    await showScreen(p, next, { place: startOf(p.ussd.menu()), hint: undefined });
}

async function act(p: UssdPorts, dialogue: Dialogue, next: Next): Promise<void> {
  // A turn that came again after the end: its texts go the way of a dialogue that broke off.
  if (!isLive(dialogue)) return goOn(p, next);
  const channel = channelOf(next);
  if (channel !== undefined && channel !== 'ussd') {
    await finish(p, dialogue, 'sent', { channel });
    await goOn(p, next);
    return;
  }
  const here = await attached(p, dialogue, next);
  const cancel = p.clock.after(here.timers.answerWithin, () => {
    holdOn(p, here, next).catch((error: unknown) => p.note('ussd.hold-failed', { reason: String(error) }));
  });
  try {
    await goOn(p, next);
  } finally {
    cancel();
  }
  await finishIfSilent(p, here);
}

function channelOf(next: Next): string | undefined {
  if (next.kind === 'settle') return next.held.order.frozen.channel;
  return next.kind === 'say' ? next.held.mt.channel : undefined;
}

/** An order that another dialogue opened, and that this one answered: what becomes of it is said here. */
async function attached(p: UssdPorts, dialogue: Dialogue, next: Next): Promise<Dialogue> {
  if (next.kind !== 'settle' || next.held.order.frozen.dialogue === dialogue.id) return dialogue;
  const here = { ...dialogue, orderId: next.held.order.frozen.id, version: dialogue.version + 1 };
  return (await p.ussd.dialogues.move(dialogue, here, here.until)) ? here : dialogue;
}

/** The gateway's patience ends before the charge: the order goes on, and the rest of it comes by SMS. */
async function holdOn(p: UssdPorts, dialogue: Dialogue, next: Next): Promise<void> {
  if (next.kind === 'settle') await tellItWaits(p, next.held.order.frozen);
  await finishIfSilent(p, dialogue);
}

/** Nobody is left looking at an empty screen. Who has taken the turn over meanwhile speaks for itself. */
async function finishIfSilent(p: UssdPorts, { msisdn, id, version }: Dialogue): Promise<void> {
  const now = await p.ussd.dialogues.read(msisdn);
  if (now?.id === id && now.version === version && now.state === 'awaiting-app') await finish(p, now, 'later');
}
