import type { Request } from './request.ts';

/** What does no harm when words are missing from it, or when it is done twice. */
const HARMLESS: ReadonlySet<Request['kind']> = new Set([
  'stop',
  'stop-all',
  'refuse',
  'complain',
  'list',
  'status',
  'help',
  'empty',
]);

/**
 * What a text asks for of which parts are missing: nobody agrees to a charge by words that we do not have, so it neither orders nor
 * answers a question nor changes a setting; who meant to hears how it is done.
 */
export function askedInPart(request: Request): Request {
  return isHarmless(request) ? request : { kind: 'help' };
}

export function isHarmless({ kind }: Request): boolean {
  return HARMLESS.has(kind);
}
