import type { Shape } from './shape.ts';

/** A viewer reads what is masked; an operator also changes things. */
export type Role = 'viewer' | 'operator';

/** Who asks. `claimed`: nobody proved the name, because the NOC asks no login on this machine. */
export interface Person {
  readonly name: string;
  readonly role: Role;
  readonly claimed?: boolean;
}

/** Under whose name it is done: the one that was proved, else the one that was said. */
export function nameOf({ name, claimed }: Person, said: string | undefined): string {
  return claimed === true ? (said ?? name) : name;
}

/** What a route is given, once it passed the shapes that the route declares. */
export interface Asked<Params = unknown, Query = unknown, Body = unknown> {
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  readonly who: Person;
}

/** What a route says in place of a view. */
export interface Refused {
  readonly refused: { readonly status: 400 | 404 | 409 | 503; readonly code: string; readonly message: string };
}

export function refuse(status: Refused['refused']['status'], code: string, message: string): Refused {
  return { refused: { status, code, message } };
}

export type AuditFacts = Readonly<Record<string, string | number | boolean | undefined>>;

/** What was changed, for the audit record: never a full number or a code (E15, E19). */
export interface Deed {
  /** A stable name such as `link.suspend`. */
  readonly what: string;
  /** The order, link, provider ... it was done to. */
  readonly subject: string;
  readonly before: AuditFacts;
  readonly after: AuditFacts;
  readonly why?: string;
}

/** A change answers a view and says what it did; a change without an audit record does not compile. */
export interface Changed {
  readonly view: object;
  readonly deed: Deed;
}

interface Common {
  /** With `:name` for parameters, under /api/v1. */
  readonly path: string;
  /** Group in the OpenAPI document. */
  readonly tag: string;
  readonly role: Role;
  /** One line for the OpenAPI document. */
  readonly does: string;
  readonly params?: Shape;
  readonly query?: Shape;
  /** All that the answer may hold: what is not in it does not leave. */
  readonly answer: Shape;
}

// Methods, so that a route with narrower parameters is still a Route: the shapes have checked them.
export interface Read extends Common {
  readonly method: 'GET';
  handle(asked: Asked): Promise<object>;
}

export interface Change extends Common {
  readonly method: 'POST';
  readonly body: Shape;
  handle(asked: Asked): Promise<Changed | Refused>;
}

export type Route = Read | Change;

export function isRefused(answer: object): answer is Refused {
  return 'refused' in answer;
}

export function read<Params = unknown, Query = unknown>(
  route: Omit<Read, 'method' | 'handle'> & { handle(asked: Asked<Params, Query>): Promise<object> },
): Read {
  return { method: 'GET', ...route };
}

export function change<Params = unknown, Body = unknown>(
  route: Omit<Change, 'method' | 'handle'> & {
    handle(asked: Asked<Params, unknown, Body>): Promise<Changed | Refused>;
  },
): Change {
  return { method: 'POST', ...route };
}
