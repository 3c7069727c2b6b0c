import { ok } from '../../lib/result.ts';
import { publicKeyText } from '../../outbox/evidence/signing.ts';
import type { Command } from '../command.ts';
import { publicKeyIn } from '../evidence-options.ts';

export const EVIDENCE_KEY: Command = {
  usage: 'evidence key FILE',
  does: 'the public half of the key that signs heads, for whoever verifies elsewhere',
  run: async ({ args: [file = ''] }) => {
    const key = await publicKeyIn(file);
    return key.ok ? ok({ data: { key: publicKeyText(key.value) }, text: publicKeyText(key.value), fine: true }) : key;
  },
};
