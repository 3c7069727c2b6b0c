import type { Mt, SubmitOutcome } from '../../domain/message.ts';
import type { UssdLine, UssdOpening } from '../../flow/ports/ussd.ts';
import type { LinkSettings } from '../settings.ts';
import { fitsScreen, freshSession, screenAlphabet } from './submit.ts';

/** A link as USSD sees it. */
export interface UssdLink {
  readonly settings: LinkSettings;
  readonly canSend: boolean;
}

interface Over {
  readonly links: () => readonly UssdLink[];
  readonly submit: (mt: Mt) => Promise<SubmitOutcome>;
  /** `n` random octets. */
  readonly random: (n: number) => Uint8Array;
}

export function ussdOver({ links, submit, random }: Over): UssdLine {
  const named = (name: string): LinkSettings | undefined =>
    links().find(({ settings }) => settings.name === name)?.settings;
  return {
    submit,
    fits: (name, text) => {
      const settings = named(name);
      return fitsScreen(text, settings?.ussd === undefined ? 'gsm7' : screenAlphabet(settings, settings.ussd));
    },
    opening: (shortCode, preferred) => {
      const able = links().filter((link) => link.canSend && pushes(link, shortCode));
      const link = able.find(({ settings }) => settings.name === preferred) ?? able[0];
      return link && openingOver(link, random);
    },
  };
}

function pushes({ settings: { ussd } }: UssdLink, shortCode: string): boolean {
  return ussd?.push === true && ussd.codes.some((code) => code.shortCode === shortCode);
}

function openingOver({ settings }: UssdLink, random: Over['random']): UssdOpening | undefined {
  const { ussd, name, smsc, countryCode } = settings;
  if (ussd === undefined) return undefined;
  const { userTimeout, answerWithin } = ussd;
  const session = freshSession(ussd, random(4));
  return { link: name, smsc, countryCode, session, timers: { userTimeout, answerWithin } };
}
