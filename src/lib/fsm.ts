/**
 * State machines as data. A table says, for each state, which events it takes and where each leads; whatever the table
 * leaves out is a refused event, which the caller logs and counts.
 */
export interface Row<State extends string, Action = never> {
  readonly to: State;
  readonly do?: Action;
}

export type Table<State extends string, Event extends string, Action = never> = Readonly<
  Record<State, Readonly<Partial<Record<Event, Row<State, Action>>>>>
>;

/** The row for `event` in `state`, or undefined when the event is refused there. */
export function step<State extends string, Event extends string, Action>(
  table: Table<State, Event, Action>,
  state: State,
  event: Event,
): Row<State, Action> | undefined {
  return table[state][event];
}

/** The states in which `event` is taken: what an atomic store step compares the stored state with. */
export function sourcesOf<State extends string, Event extends string, Action>(
  table: Table<State, Event, Action>,
  event: Event,
): readonly State[] {
  return (Object.keys(table) as State[]).filter((state) => table[state][event] !== undefined);
}
