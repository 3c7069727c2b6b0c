// USSD in the terminal: dials, shows what comes, gives replies.
import type { Control, Dialogue } from './control.ts';
import type { HandsetFlags } from './flags.ts';

export interface Terminal {
  readonly print: (line: string) => void;
  /** Undefined when the subscriber hangs up. */
  readonly ask: () => Promise<string | undefined>;
}

const MARKS = { user: '>', app: '<', network: '!' } as const;

function show({ turns, state }: Dialogue, from: number, print: Terminal['print']): number {
  for (const { by, text, at } of turns.slice(from))
    print(`  ${at.slice(11, 19)}  ${MARKS[by]} ${text.replaceAll('\n', '\n              ')}`);
  if (state === 'released') print('  (the dialogue is over)');
  return turns.length;
}

/** Replies first from `replies`, then by asking; false when the network, not the application, had the last word. */
export async function dial(
  control: Control,
  flags: HandsetFlags,
  script: { readonly code: string; readonly replies: readonly string[] },
  terminal: Terminal,
): Promise<boolean> {
  const { waitMs } = flags;
  const replies = [...script.replies];
  const asks = replies.length === 0;
  terminal.print(`${flags.numbers[0] ?? ''} dials ${script.code}`);
  let dialogue = await control.dial({ from: flags.numbers[0] ?? '', code: script.code, waitMs });
  let shown = show(dialogue, 0, terminal.print);
  while (dialogue.state === 'awaiting-user') {
    const text = asks ? await terminal.ask() : replies.shift();
    dialogue =
      text === undefined ? await control.hangUp(dialogue.id) : await control.reply(dialogue.id, { text, waitMs });
    shown = show(dialogue, shown, terminal.print);
  }
  return dialogue.turns.at(-1)?.by === 'app';
}
