import { writeFile } from 'node:fs/promises';
import { visibleJson } from '../../domain/visible.ts';
import { fault, ok } from '../../lib/result.ts';
import type { Command } from '../command.ts';
import { EVIDENCE, HEADS } from '../evidence-options.ts';
import { storyFor } from '../evidence-story.ts';

/** The story for people, then the records as they stand in the files, for whoever checks them again. */
export const EVIDENCE_EXPORT: Command = {
  usage: 'evidence export ID FILE',
  does: 'the same in one file, with the records that prove it',
  options: { ...EVIDENCE, ...HEADS },
  more: 'FILE must not exist yet. It holds a number and texts: keep it as you keep the evidence itself.',
  run: async ({ args: [id = '', file = ''], options }) => {
    const story = await storyFor(id, options);
    if (!story.ok) return story;
    const records = (story.value.records as readonly unknown[]).map((record) => visibleJson(JSON.stringify(record)));
    const text = `${story.value.text}\n\nrecords\n${records.join('\n')}\n`;
    const failed = await writeFile(file, text, { flag: 'wx', mode: 0o600 }).catch((error: unknown) => String(error));
    if (failed !== undefined) return fault({ kind: 'misuse', text: `${file} cannot be written: ${failed}` });
    return ok({
      data: { file, records: records.length },
      text: `${file}: ${records.length} records`,
      fine: story.value.fine,
    });
  },
};
