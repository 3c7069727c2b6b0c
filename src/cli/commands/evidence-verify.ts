import { ok } from '../../lib/result.ts';
import type { FileReport } from '../../outbox/evidence/verify.ts';
import { verifyFolder } from '../../outbox/evidence/verify.ts';
import type { Command } from '../command.ts';
import { EVIDENCE, HEADS, headsFrom } from '../evidence-options.ts';
import { table } from '../table.ts';

export const EVIDENCE_VERIFY: Command = {
  usage: 'evidence verify',
  does: 'finds any record that was changed, removed or put elsewhere, offline; exit code 1 when there is one, or no file',
  options: { ...EVIDENCE, ...HEADS },
  more: `Each file is one hash chain. Heads, signed and kept elsewhere, vouch for its length: without --heads a tail that was
cut off, or a chain that was made anew, cannot be told ("tail not proven").`,
  run: async ({ options }) => {
    const heads = await headsFrom(options);
    if (!heads.ok) return heads;
    const folder = options['folder'] ?? '';
    const reports = await verifyFolder(folder, heads.value);
    // A wrong folder holds no fault either: nothing that was verified is no good news.
    const fine = reports.length > 0 && reports.every(({ faults }) => faults.length === 0);
    return ok({ data: { fine, files: reports }, text: verifyText(folder, reports), fine });
  },
};

function verifyText(folder: string, reports: readonly FileReport[]): string {
  if (reports.length === 0)
    return `no evidence files in ${folder}: nothing was verified; --folder DIR names another one`;
  const faults = reports.flatMap(({ file, faults: found }) =>
    found.map(({ line, text }) => `${file}${line === undefined ? '' : ` line ${line}`}: ${text}`),
  );
  const files = table(
    ['FILE', 'RECORDS', 'ERASED', 'TAIL', 'FAULTS'],
    reports.map((report) => [report.file, report.records, report.erased, tailText(report), report.faults.length]),
  );
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return [files, '', faults.length === 0 ? 'every chain holds' : count, ...faults].join('\n');
}

function tailText({ records, proven }: FileReport): string {
  if (proven === undefined) return 'not proven';
  return proven === records ? 'proven' : `proven to ${proven}`;
}
