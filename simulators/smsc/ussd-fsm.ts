// A USSD dialogue as its gateway sees it: 3GPP TS 23.090 sections 6 (opened by the subscriber) and 7 (pushed).

export type DialogueState = 'idle' | 'awaiting-app' | 'awaiting-user' | 'released';
export type DialogueEvent = 'dial' | 'app-ask' | 'app-notify' | 'app-end' | 'reply' | 'cancel' | 'timeout' | 'failed';
export type DialogueKind = 'opened' | 'pushed';

type Table = Readonly<Record<DialogueState, Partial<Record<DialogueEvent, DialogueState>>>>;

const ends = { cancel: 'released', timeout: 'released', failed: 'released' } as const;

const opened: Table = {
  idle: { dial: 'awaiting-app' },
  'awaiting-app': { 'app-ask': 'awaiting-user', 'app-notify': 'awaiting-app', 'app-end': 'released', ...ends },
  'awaiting-user': { reply: 'awaiting-app', 'app-end': 'released', ...ends },
  released: {},
};

/** PSSR response (17) answers what the subscriber opened, so it is wrong here: a notify (3) is the last word. */
const pushed: Table = {
  idle: { 'app-ask': 'awaiting-user', 'app-notify': 'released' },
  'awaiting-app': { 'app-ask': 'awaiting-user', 'app-notify': 'released', ...ends },
  'awaiting-user': { reply: 'awaiting-app', 'app-notify': 'released', ...ends },
  released: {},
};

/** An undefined cell is a refused event. */
export const DIALOGUE_TABLES: Readonly<Record<DialogueKind, Table>> = { opened, pushed };
