import { createHash } from 'node:crypto';
import type { NoticeKind } from '../domain/notice.ts';
import type { Words } from '../flow/ports/ports.ts';
import type { Language } from './language.ts';
import { mergeWords } from './language.ts';

/**
 * The Words port over languages that `readLanguage` accepted. A language that nobody enabled is answered in the first
 * one. Nothing here can fail: an argument that is missing leaves a gap, never an unsaid text.
 */
export function createWords(languages: readonly [Language, ...Language[]]): Words {
  const [first] = languages;
  const byName = new Map(languages.map((language) => [language.language, language]));
  return {
    render: (kind, language, args) => (byName.get(language) ?? first).templates[kind].render(args),
    request: mergeWords(languages),
    languages: languages.map(({ language, name }) => ({ id: language, name })),
    version: textsVersion(languages),
  };
}

/** Names exactly these texts: it is frozen into orders and evidence (E9). */
function textsVersion(languages: readonly Language[]): string {
  const hash = createHash('sha256');
  for (const { language, texts } of languages) hash.update(JSON.stringify([language, sorted(texts)]));
  return hash.digest('hex').slice(0, 12);
}

function sorted(texts: Readonly<Record<NoticeKind, string>>): readonly (readonly [string, string])[] {
  return Object.entries(texts).sort(([left], [right]) => (left < right ? -1 : 1));
}
