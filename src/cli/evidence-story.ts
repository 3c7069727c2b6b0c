import type { Result } from '../lib/result.ts';
import { fault, ok } from '../lib/result.ts';
import { storyOf } from '../domain/evidence/story.ts';
import { complaint } from '../outbox/evidence/find.ts';
import type { FileReport } from '../outbox/evidence/verify.ts';
import { verifyFolder } from '../outbox/evidence/verify.ts';
import type { ApiFault } from './api.ts';
import { headsFrom } from './evidence-options.ts';
import type { Options } from './options.ts';

export interface Story {
  readonly records: unknown;
  readonly text: string;
  readonly fine: boolean;
}

/** Finds one complaint's records and checks the files that they stand in. */
export async function storyFor(subject: string, options: Options): Promise<Result<Story, ApiFault>> {
  const heads = await headsFrom(options);
  if (!heads.ok) return heads;
  const folder = options['folder'] ?? '';
  const found = await complaint(folder, subject.replace(/^\+/, ''));
  if (found.length === 0) return fault({ kind: 'not-found', text: `no evidence of ${subject} in ${folder}` });
  const files = new Set(found.map(({ file }) => file));
  const reports = (await verifyFolder(folder, heads.value)).filter(({ file }) => files.has(file));
  return ok({
    records: found.map(({ file, link }) => ({ file, ...link })),
    text: storyOf(found, checkedText(reports)),
    fine: reports.every(({ faults }) => faults.length === 0),
  });
}

function checkedText(reports: readonly FileReport[]): string {
  const faults = reports.reduce((sum, report) => sum + report.faults.length, 0);
  if (faults > 0) return `THEIR FILES HAVE ${faults} FAULTS: see orderctl evidence verify`;
  const proven = reports.every(({ proven, records }) => proven === records);
  return `the chains of their files hold, tail ${proven ? 'proven' : 'not proven'}`;
}
