/** USSD steps: the screens of one phone, in the order in which they came, and what is typed at them. */
import type { Actor, Play } from './actor.ts';
import { actorOf, filled, fits, keepFrom, Unfulfilled, until } from './actor.ts';
import type { Dialogue } from './stage.ts';
import type { Action } from './step.ts';

type Of<Kind> = Extract<Action, { kind: Kind }>;

interface Screen {
  readonly text: string;
  /** Whether the dialogue ended with it. */
  readonly last: boolean;
}

/** What a phone showed, without what its user typed; one dialogue is over before the next begins. */
export function screensOf(dialogues: readonly Dialogue[]): readonly Screen[] {
  return dialogues.flatMap(({ state, turns }) => {
    const shown = turns.filter(({ by }) => by !== 'user');
    return shown.map(({ text }, index) => ({ text, last: state === 'released' && index === shown.length - 1 }));
  });
}

export async function sees(play: Play, action: Of<'sees'>): Promise<string> {
  const actor = actorOf(play, action.who);
  const text = await until(play, action.within, async () => {
    const screen = screensOf(await play.stage.dialogues(actor.msisdn))[actor.screensSeen];
    if (screen === undefined) return { right: false, seen: `${action.who} saw nothing more` };
    if (!fits(play, action.pattern, screen.text)) throw new Unfulfilled(`${action.who} saw: "${screen.text}"`);
    const right = action.ends === undefined || action.ends === screen.last;
    return { right, seen: right ? screen.text : `the dialogue ${screen.last ? 'ended' : 'went on'}: "${screen.text}"` };
  });
  actor.screensSeen += 1;
  keepFrom(play, action.keep, text);
  return `"${text}"`;
}

async function lastDialogue(play: Play, actor: Actor, who: string): Promise<Dialogue> {
  const dialogue = (await play.stage.dialogues(actor.msisdn)).at(-1);
  if (dialogue === undefined) throw new Unfulfilled(`${who} is in no dialogue`);
  return dialogue;
}

export async function replies(play: Play, action: Of<'replies'>): Promise<void> {
  const dialogue = await lastDialogue(play, actorOf(play, action.who), action.who);
  await play.stage.reply(dialogue.id, filled(play, action.text));
}

/** Types the number in front of the option on the screen that was seen last. */
export async function chooses(play: Play, action: Of<'chooses'>): Promise<string> {
  const actor = actorOf(play, action.who);
  const dialogue = await lastDialogue(play, actor, action.who);
  const screen = screensOf([dialogue]).at(-1)?.text ?? '';
  const options = screen.split('\n').flatMap((line) => {
    const [, key, label] = /^(\d+)\W+(.+)$/.exec(line) ?? [];
    return key !== undefined && label !== undefined && fits(play, action.option, label) ? [key] : [];
  });
  const [key] = options;
  if (key === undefined) throw new Unfulfilled(`no such option: "${screen}"`);
  await play.stage.reply(dialogue.id, key);
  return key;
}

export async function leaves(play: Play, action: Of<'leaves'>): Promise<void> {
  const dialogue = await lastDialogue(play, actorOf(play, action.who), action.who);
  await play.stage.leave(dialogue.id, action.how);
}
