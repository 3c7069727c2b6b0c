/** A whole scenario: actors made ready, steps played, the ledger audited, the stage left as it was found. */
import type { Actor, Line, Play, Verdict } from './actor.ts';
import { act, doubled } from './play.ts';
import { screensOf } from './play-ussd.ts';
import type { Script, Step, Subscriber } from './step.ts';
import type { Stage } from './stage.ts';

const lastId = (list: readonly { id: number }[]): number => list.reduce((last, { id }) => Math.max(last, id), 0);

async function makeActor(stage: Stage, subscriber: Subscriber, fresh: () => string): Promise<Actor> {
  const msisdn = subscriber.msisdn ?? fresh();
  if (Object.keys(subscriber.account).length > 0) await stage.account(msisdn, subscriber.account);
  const rows = await stage.bookings(msisdn, 0);
  return {
    msisdn,
    lastHeard: lastId(await stage.heard(msisdn, 0, 0)),
    screensSeen: screensOf(await stage.dialogues(msisdn)).length,
    firstRow: rows.reduce((last, { row }) => Math.max(last, row), 0),
    firstRequest: lastId(await stage.requests(msisdn, 0)),
  };
}

async function makeActors(stage: Stage, script: Script, fresh: () => string): Promise<ReadonlyMap<string, Actor>> {
  const actors = new Map<string, Actor>();
  for (const [name, subscriber] of Object.entries(script.subscribers))
    actors.set(name, await makeActor(stage, subscriber, fresh));
  return actors;
}

async function playStep(play: Play, step: Step): Promise<Line> {
  const { stage, started } = play;
  const early = (step.at ?? 0) - (stage.now() - started);
  if (early > 0) await stage.sleep(early);
  const at = stage.now() - started;
  const line = { at, line: step.line, told: step.told };
  try {
    return { ...line, seen: await act(play, step.action), failed: undefined };
  } catch (error) {
    return { ...line, seen: undefined, failed: (error as Error).message };
  }
}

async function audit(play: Play): Promise<Line | undefined> {
  for (const [name, actor] of play.actors) {
    const twice = doubled(await play.stage.bookings(actor.msisdn, actor.firstRow));
    const at = play.stage.now() - play.started;
    if (twice.length > 0)
      return {
        at,
        line: 0,
        told: 'audit of the ledger',
        seen: undefined,
        failed: `${name} was debited twice in session ${twice.join(', ')}`,
      };
  }
  return undefined;
}

/** Sides that a script spoils: only those are mended after it. */
function spoiled(script: Script): readonly ('ocs' | 'smsc')[] {
  const sides = script.steps.flatMap(({ action }) =>
    action.kind === 'fault' ? [action.side] : action.kind === 'fate' ? ['smsc' as const] : [],
  );
  return [...new Set(sides)];
}

async function leaveTidy(stage: Stage, script: Script): Promise<void> {
  for (const side of spoiled(script)) await stage.mend(side);
  if (script.steps.some(({ action }) => action.kind === 'listening')) await stage.listening(true);
}

async function playSteps(play: Play, tell: (line: Line) => void): Promise<Line[]> {
  const lines: Line[] = [];
  const add = (line: Line): void => {
    lines.push(line);
    tell(line);
  };
  for (const step of play.script.steps) {
    add(await playStep(play, step));
    if (lines.at(-1)?.failed !== undefined) return lines;
  }
  const fault = await audit(play);
  if (fault !== undefined) add(fault);
  return lines;
}

/** `fresh` gives a number nobody had before; `tell` hears each line as it is done. */
export async function runScript(
  script: Script,
  stage: Stage,
  fresh: () => string,
  tell: (line: Line) => void,
): Promise<Verdict> {
  const started = stage.now();
  const actors = await makeActors(stage, script, fresh);
  const play: Play = { stage, script, actors, kept: new Map(), started };
  try {
    const lines = await playSteps(play, tell);
    return {
      name: script.name,
      passed: lines.every((line) => line.failed === undefined),
      took: stage.now() - started,
      lines,
    };
  } finally {
    await leaveTidy(stage, script);
  }
}
