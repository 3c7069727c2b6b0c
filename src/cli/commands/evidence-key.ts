import { ok } from '../../lib/result.ts';
import { publicKeyText } from '../../outbox/evidence/signing.ts';
import type { Command } from '../command.ts';
import { publicKeysIn } from '../evidence-options.ts';

export const EVIDENCE_KEY: Command = {
  usage: 'evidence key FILE',
  does: 'the public half of the key that signs heads, for whoever verifies elsewhere',
  run: async ({ args: [file = ''] }) => {
    const keys = await publicKeysIn(file);
    if (!keys.ok) return keys;
    const key = keys.value.map(publicKeyText).join('\n');
    return ok({ data: { key }, text: key, fine: true });
  },
};
