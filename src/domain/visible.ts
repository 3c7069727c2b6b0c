/** Characters that steer a terminal, turn the text beside them round, or are not seen at all; line ends among them. */
const UNSEEN = /[\p{Cc}\p{Cf}]/gu;

/** One line for people, of which nothing acts: what would stands as the escapes of JSON. */
export function visible(line: string): string {
  return line.replaceAll(UNSEEN, escaped);
}

/** JSON of several lines, the same to whoever parses it: within its texts there are no raw line ends. */
export function visibleJson(json: string): string {
  return json.split('\n').map(visible).join('\n');
}

/** Each UTF-16 code unit by itself, as JSON has it (RFC 8259 7). */
function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
