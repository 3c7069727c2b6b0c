// One dialogue: its state, its turns on the phone's screen, its timers.
import type { DialogueEvent, DialogueKind, DialogueState } from './ussd-fsm.ts';
import { DIALOGUE_TABLES } from './ussd-fsm.ts';

/** One line of the dialogue as the subscriber sees it; 'network' is the phone's own message. */
export interface Turn {
  readonly by: 'user' | 'app' | 'network';
  readonly text: string;
  readonly at: string;
}

export interface DialogueRecord {
  readonly id: string;
  readonly kind: DialogueKind;
  readonly msisdn: string;
  readonly code: string;
  readonly account: string;
  readonly bind: string;
  readonly number: number;
  readonly state: DialogueState;
  readonly turns: readonly Turn[];
}

export interface Opening {
  readonly id: string;
  readonly kind: DialogueKind;
  readonly msisdn: string;
  readonly code: string;
  readonly account: string;
  readonly bind: string;
  readonly number: number;
}

export class Dialogue {
  readonly opening: Opening;
  state: DialogueState = 'idle';
  /** PDUs of this dialogue so far. */
  sequence = 0;
  readonly turns: Turn[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly changed: (dialogue: Dialogue) => void;

  constructor(opening: Opening, changed: (dialogue: Dialogue) => void) {
    this.opening = opening;
    this.changed = changed;
  }

  /** False when the table refuses the event in this state. */
  take(event: DialogueEvent, turn?: Omit<Turn, 'at'>): boolean {
    const next = DIALOGUE_TABLES[this.opening.kind][this.state][event];
    if (next === undefined) return false;
    clearTimeout(this.timer);
    this.state = next;
    if (turn !== undefined) this.turns.push({ ...turn, at: new Date().toISOString() });
    this.changed(this);
    return true;
  }

  /** Runs when the state has not changed for `ms`. */
  arm(ms: number, expire: () => void): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(expire, ms).unref();
  }

  record(): DialogueRecord {
    return { ...this.opening, state: this.state, turns: [...this.turns] };
  }
}
