/** Letters that other alphabets draw alike, so that a Cyrillic "NEWS" still orders. */
const ALIKE: Readonly<Record<string, string>> = {
  а: 'a', в: 'b', с: 'c', е: 'e', н: 'h', і: 'i', к: 'k', м: 'm', о: 'o', р: 'p', ѕ: 's', т: 't', х: 'x', у: 'y',
  α: 'a', β: 'b', ε: 'e', η: 'h', ι: 'i', κ: 'k', μ: 'm', ν: 'n', ο: 'o', ρ: 'p', τ: 't', χ: 'x', υ: 'y', ζ: 'z',
}; // prettier-ignore

/** What shows nothing of its own (variation selectors follow an emoji), the box of a keycap and the stroke that draws an Arabic word out. */
const INVISIBLE = /[\p{Cf}\p{Cc}\p{Default_Ignorable_Code_Point}\u20e3\u0640]/gu;
/** Turkish tells two letters i apart, and handsets without its keyboard do not: STOP words must match either way. */
const DOTTED_I = /i\u0307|ı/g;
/** An accent without a letter, as a dead key leaves it, is an apostrophe: NFKC makes a space of it, and a mark that would be a word. */
const BARE_ACCENT = /[\u00b4\u0384\u1ffd]/g;
const EDGES = /^[\p{P}\p{S}]+|[\p{P}\p{S}]+$/gu;

function compatible(text: string): string {
  return text.replace(BARE_ACCENT, "'").normalize('NFKC');
}

/** One word as it is compared: NFKC (full-width digits and letters), case-folded, bare of invisible marks and edge punctuation. */
export function foldWord(word: string): string {
  const bared = compatible(word).replace(INVISIBLE, '');
  // A lower-case letter may compose with a mark where the capital did not, so it is normalized again.
  const lower = bared.toLowerCase().replace(DOTTED_I, 'i').replaceAll('ß', 'ss').normalize('NFKC');
  const bare = asciiDigits(lower.replace(EDGES, ''));
  return mixedScript(bare) ? bare.replace(/./gu, (letter) => ALIKE[letter] ?? letter) : bare;
}

/** Only a word that could be read as Latin is mapped: a Russian word stays Russian. */
function mixedScript(word: string): boolean {
  return Array.from(word).every((letter) => letter <= '\u007f' || ALIKE[letter] !== undefined);
}

/** Decimal digits of any script to 0-9: Unicode lays each script's ten digits out in order. */
function asciiDigits(word: string): string {
  return word.replace(/\p{Nd}/gu, (digit) => {
    if (digit <= '9') return digit;
    const code = digit.codePointAt(0) ?? 0;
    let zero = code;
    while (code - zero < 9 && /\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
    return String(code - zero);
  });
}

/** Words of a text, folded; whitespace of any kind separates them. */
export function foldText(text: string): readonly string[] {
  return oneLine(text)
    .split(/\s+/u)
    .map(foldWord)
    .filter((word) => word !== '');
}

/** One line, without what shows nothing of its own. */
export function oneLine(text: string): string {
  return compatible(text)
    .replace(/[\t\n\v\f\r\u0085]/g, ' ')
    .replace(INVISIBLE, '');
}

/** Scripts that part no words by spaces. In others, a word with more letters at it is mostly another word. */
export const UNSPACED = /[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmr}\p{sc=Mymr}]$/u;
