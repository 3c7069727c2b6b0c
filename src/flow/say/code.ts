import type { Challenge } from '../../domain/challenge.ts';
import { truncateToCode } from '../../domain/challenge.ts';
import type { NoticeArgs, OwedMt } from '../../domain/notice.ts';
import { textOf } from './owed-text.ts';
import type { Ports } from '../ports/ports.ts';

type CodeOf = Pick<Challenge, 'id' | 'keyId'> & { readonly digits?: number | undefined };

/** E15: the code exists only here, on its way to the wire or to a comparison. */
export function deriveCode(p: Ports, { id, keyId, digits }: CodeOf): string | undefined {
  const mac = p.hashing.codeMac(keyId, id);
  return mac === undefined ? undefined : truncateToCode(mac, digits ?? p.settings().challenge.digits);
}

/** What a text names, its code too; undefined where the key of that is gone. */
export function argsWithCode(p: Ports, mt: OwedMt): NoticeArgs | undefined {
  if (mt.challengeId === undefined || mt.keyId === undefined) return mt.args;
  const code = deriveCode(p, { id: mt.challengeId, keyId: mt.keyId, digits: mt.digits });
  return code === undefined ? undefined : { ...mt.args, code };
}

/** What is kept of a text that held a code. */
export function withoutCode(p: Ports, mt: OwedMt, text: string): string {
  if (mt.challengeId === undefined) return text;
  return textOf(p, mt, { ...mt.args, code: '*'.repeat(p.settings().challenge.digits) });
}
