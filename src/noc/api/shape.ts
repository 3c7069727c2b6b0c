/** JSON Schema (draft 7, as fastify and OpenAPI read it): what a request must be, and all that an answer may hold. */
export type Shape = Readonly<Record<string, unknown>>;

export function text(description: string, limits: Shape = {}): Shape {
  return { type: 'string', description, ...limits };
}

export function whole(description: string, limits: Shape = {}): Shape {
  return { type: 'integer', description, ...limits };
}

export function figure(description: string): Shape {
  return { type: 'number', description };
}

export function yesNo(description: string): Shape {
  return { type: 'boolean', description };
}

/** ISO 8601 in UTC. */
export function time(description: string): Shape {
  return { type: 'string', format: 'date-time', description };
}

/** What a request may give for a time (RFC 3339): `Date.parse` takes much else, and the 30th of February for a day in March. */
export const DAY_OR_TIME = text('RFC 3339: a day, or a day and a time with its zone', {
  anyOf: [{ format: 'date' }, { format: 'date-time' }],
});

export function oneOf(values: readonly string[], description: string): Shape {
  return { type: 'string', enum: values, description };
}

export function list(items: Shape, description = ''): Shape {
  return { type: 'array', items, ...(description === '' ? {} : { description }) };
}

/** Any names, each with a value of this shape. */
export function map(values: Shape, description: string): Shape {
  return { type: 'object', additionalProperties: values, description };
}

/** Exactly these fields: a request with another one is refused, an answer never carries one. */
export function record(properties: Readonly<Record<string, Shape>>, optional: readonly string[] = []): Shape {
  const required = Object.keys(properties).filter((name) => !optional.includes(name));
  return { type: 'object', additionalProperties: false, required, properties };
}

/** Who it was, as they say themselves: the NOC may ask no login on loopback. */
export const WHO_SAYS = text('who decided it, where the NOC asks no login', {
  minLength: 1,
  maxLength: 64,
  pattern: '^[^\\p{Cc}]+$',
});

/** E.164, with or without +. */
export const NUMBER = '^\\+?[1-9]\\d{6,14}$';

/** A subscriber's number. Only ever in a body, so that no log of paths has it (E19). */
export const MSISDN = text('E.164 digits, with or without +', { pattern: NUMBER });

/** As the stores name a subscriber. */
export function withoutPlus(msisdn: string): string {
  return msisdn.replace(/^\+/, '');
}

/** A person's reason, kept in the audit record: one line that says something. */
export const WHY = text('why, for the audit record', {
  minLength: 3,
  maxLength: 300,
  pattern: '^(?=.*\\S)[^\\p{Cc}]*$',
});

export const ENTRIES = whole('entries at most', { minimum: 1, maximum: 500, default: 50 });

/** How many entries of a list. */
export const LIMIT = record({ limit: ENTRIES }, ['limit']);

export const ORDER_ID = record({ id: text('order id') });
