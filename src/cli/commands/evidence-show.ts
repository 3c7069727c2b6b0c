import { ok } from '../../lib/result.ts';
import type { Command } from '../command.ts';
import { EVIDENCE, HEADS } from '../evidence-options.ts';
import { storyFor } from '../evidence-story.ts';

export const EVIDENCE_SHOW: Command = {
  usage: 'evidence show ID',
  does: 'one complaint answered: everything about an order, or about a number (254…)',
  options: { ...EVIDENCE, ...HEADS },
  run: async ({ args: [id = ''], options }) => {
    const story = await storyFor(id, options);
    if (!story.ok) return story;
    return ok({ data: story.value.records, text: story.value.text, fine: story.value.fine });
  },
};
