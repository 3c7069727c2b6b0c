/** What the load's subscribers do: kinds of dialogue, and the mix of them. */

/**
 * A dialogue: each text is answered by one text before the next goes out. `{code}` is the code that the last answer told.
 * One whose first text is a code to dial, such as *384#, is a USSD dialogue.
 */
export type Script = readonly string[];

/** The lab's catalogue (config/lab-catalogue.yaml) and the words of the English messages. */
export const KINDS: Readonly<Record<string, Script>> = {
  notice: ['NEWS'],
  once: ['MATCH'],
  reserve: ['FILM'],
  free: ['WEATHER'],
  confirm: ['GOLD', 'YES'],
  otp: ['QUIZ', '{code}'],
  refuse: ['LUCK'],
  stop: ['NEWS', 'STOP NEWS'],
  list: ['NEWS', 'LIST'],
  help: ['HELP'],
  // config/ussd-menu.yaml: order, the first service, order; and the first service dialled at once.
  ussd: ['*384#', '1', '1', '1'],
  'ussd-direct': ['*384*1*1#', '1'],
};

export interface Part {
  readonly kind: string;
  readonly script: Script;
  /** Of all parts' weights together. */
  readonly weight: number;
}

export type Mix = readonly Part[];

/** `notice=95,otp=5`, or one kind alone. Throws RangeError for a kind that is neither ready nor given by `own`. */
export function parseMix(text: string, own: Readonly<Record<string, Script>> = {}): Mix {
  return text.split(',').map((part) => {
    const [kind = '', weight = '1'] = part.trim().split('=');
    const script = { ...KINDS, ...own }[kind];
    if (script === undefined)
      throw new RangeError(`${kind} is none of ${Object.keys({ ...KINDS, ...own }).join(', ')}`);
    if (!/^\d+$/.test(weight) || Number(weight) === 0)
      throw new RangeError(`the weight of ${kind} is not a number above 0`);
    return { kind, script, weight: Number(weight) };
  });
}

/** `name=TEXT|TEXT`: a kind of one's own. */
export function parseKind(text: string): readonly [string, Script] {
  const at = text.indexOf('=');
  const script = text.slice(at + 1).split('|');
  if (at < 1 || script.some((each) => each === '')) throw new RangeError(`${text} is not name=TEXT|TEXT`);
  return [text.slice(0, at), script];
}

/** Which part comes next, spread evenly: a part of weight 5 in 100 comes every twentieth time, without a dice. */
export function spread(mix: Mix): () => number {
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  const owed = mix.map(() => 0);
  return () => {
    let most = 0;
    mix.forEach(({ weight }, at) => {
      owed[at] = (owed[at] ?? 0) + weight;
      if ((owed[at] ?? 0) > (owed[most] ?? 0)) most = at;
    });
    owed[most] = (owed[most] ?? 0) - total;
    return most;
  };
}
