/** Whether a text is one screen: the alphabet decides how much that is. */
export type Fits = (text: string) => boolean;

/** One page of a menu: its text, and which of the rows stand on it. */
export interface Page {
  readonly text: string;
  readonly first: number;
  readonly count: number;
}

export interface MenuLayout {
  readonly head: string;
  /** Numbered from 1 through all pages, so that a number means the same on each. */
  readonly rows: readonly string[];
  /** The line that leads to the next page. */
  readonly more: string;
  /** The line that leads back, where there is one. */
  readonly back: string | undefined;
}

/** A menu cut into pages that each fit. What is too long for a page of its own is cut. */
export function menuPages(layout: MenuLayout, fits: Fits): readonly [Page, ...Page[]] {
  const first = pageFrom(layout, 0, fits);
  const pages: [Page, ...Page[]] = [first];
  for (let last = first; last.first + last.count < layout.rows.length;) {
    last = pageFrom(layout, last.first + last.count, fits);
    pages.push(last);
  }
  return pages;
}

function pageFrom(layout: MenuLayout, first: number, fits: Fits): Page {
  const rest = layout.rows.slice(first);
  const whole = pageText(layout, first, rest.length);
  if (fits(whole)) return { text: whole, first, count: rest.length };
  let count = rest.length - 1;
  while (count > 1 && !fits(pageText(layout, first, count))) count--;
  return {
    text: cutTo(pageText(layout, first, Math.max(count, 1)), layout, first, fits),
    first,
    count: Math.max(count, 1),
  };
}

function pageText({ head, rows, more, back }: MenuLayout, first: number, count: number): string {
  const shown = rows.slice(first, first + count).map((row, index) => `${first + index + 1} ${row}`);
  const isLast = first + count >= rows.length;
  return [head, ...shown, ...(isLast ? [] : [more]), ...(back === undefined ? [] : [back])].join('\n');
}

/** A head or row that leaves no room is cut until the page fits; its keys stay. */
function cutTo(text: string, layout: MenuLayout, first: number, fits: Fits): string {
  if (fits(text)) return text;
  const row = layout.rows[first] ?? '';
  const least = (length: number): string => {
    const rows = layout.rows.with(first, shortened(row, length));
    return pageText({ ...layout, head: shortened(layout.head, length), rows }, first, 1);
  };
  return least(most(Math.max(row.length, layout.head.length), (length) => fits(least(length))));
}

function shortened(text: string, length: number): string {
  const letters = Array.from(text);
  return letters.length <= length ? text : `${letters.slice(0, length).join('').trimEnd()}..`;
}

/** The largest number up to `limit` for which `holds`, given that it holds for all smaller ones; 0 when for none. */
function most(limit: number, holds: (number: number) => boolean): number {
  let low = 0;
  let high = limit;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * A text cut at its spaces into pages that each fit; `more` ends all but the last, `foot` the last. A word is cut only when
 * it has no room on a page of its own, so a code never is.
 */
export function textPages(text: string, { more, foot }: TextLines, fits: Fits): readonly string[] {
  const last = (rest: string): string => [rest, ...foot].filter((line) => line !== '').join('\n');
  const pages: string[] = [];
  let rest = text.trim();
  // Keys that fit nowhere (a label of config that is too long) are shown all the same: the text must end.
  while (rest !== '' && !fits(last(rest))) {
    const cut = cutAt(rest, (part) => fits(`${part}\n${more}`));
    pages.push(`${rest.slice(0, cut).trimEnd()}\n${more}`);
    rest = rest.slice(cut).trimStart();
  }
  return [...pages, last(rest)];
}

export interface TextLines {
  readonly more: string;
  readonly foot: readonly string[];
}

function cutAt(text: string, fits: Fits): number {
  const letters = Array.from(text);
  const room = Math.max(
    1,
    most(letters.length - 1, (count) => fits(letters.slice(0, count).join(''))),
  );
  const end = letters.slice(0, room).join('').length;
  if (/\s/.test(text.charAt(end))) return end;
  const space = text.slice(0, end).search(/\s\S*$/);
  return space > 0 ? space : end;
}
