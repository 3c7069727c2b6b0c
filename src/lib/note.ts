/** Plain values only, so that nothing a subscriber sent can hide inside an object on its way to a log. */
export type NoteFields = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Tells the outside what happened: one stable event name and its facts. The daemon turns notes into log lines and
 * counters; rules and adapters know neither. MSISDNs appear only as their HMAC or last three digits (E19).
 */
export type Note = (event: string, fields?: NoteFields) => void;
