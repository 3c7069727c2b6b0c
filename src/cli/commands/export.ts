import { writeFile } from 'node:fs/promises';
import { fault, ok } from '../../lib/result.ts';
import { LONG_PATIENCE, post } from '../api.ts';
import type { Command } from '../command.ts';
import { WHY } from '../options.ts';
import { FROM_INPUT, ofSubscriber } from '../reasoned.ts';

interface ExportView {
  readonly records: readonly { readonly where: string; readonly json: string }[];
}

export const EXPORT: Command = {
  usage: 'export MSISDN FILE',
  does: 'everything that is kept of a number, one JSON line each; needs --why TEXT',
  options: WHY,
  more: FROM_INPUT,
  run: ofSubscriber(async ({ api, args: [, file = ''] }, body) => {
    const found = await post<ExportView>(api, '/api/v1/exports', body, LONG_PATIENCE);
    if (!found.ok) return found;
    const lines = found.value.records.map(({ where, json }) => `{"where":"${where}","what":${json}}\n`);
    const failed = await writeFile(file, lines.join(''), { flag: 'wx', mode: 0o600 }).catch((error: unknown) =>
      String(error),
    );
    if (failed !== undefined) return fault({ kind: 'misuse', text: `${file} cannot be written: ${failed}` });
    return ok({ data: { file, records: lines.length }, text: `${file}: ${lines.length} records`, fine: true });
  }),
};
