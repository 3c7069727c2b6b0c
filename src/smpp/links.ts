import { isDeepStrictEqual } from 'node:util';
import type { Clock } from '../lib/clock.ts';
import type { Link, LinkStatus } from './link.ts';
import type { LinkSettings } from './settings.ts';

export type LinkVerb = 'suspend' | 'resume' | 'rebind';
export type GatewayStatus = LinkStatus & { readonly suspended: boolean };

/** How long a link that leaves may take to run empty, milliseconds. */
const RETIRE_MS = 10_000;

/**
 * The links by name. An SMSC often allows one bind per account: the old one goes first, and what verbs and reloads said last
 * while it took its leave counts then.
 */
export class Links {
  readonly #create: (settings: LinkSettings) => Link;
  readonly #clock: Clock;
  /** One per name of config; what was started is retired before it leaves this list, and a retired one starts no more. */
  #current: readonly Link[];
  readonly #suspended = new Set<string>();
  /** Links whose unbind is under way, each with its end. */
  readonly #retiring = new Map<Link, Promise<void>>();
  #stopping = false;

  constructor(settings: readonly LinkSettings[], create: (settings: LinkSettings) => Link, clock: Clock) {
    this.#create = create;
    this.#clock = clock;
    this.#current = settings.map(create);
  }

  get current(): readonly Link[] {
    return this.#current;
  }

  start(): void {
    for (const { settings } of this.#current) this.#settle(settings.name);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    await Promise.all(this.#all().map((link) => link.stop()));
  }

  /** Closes without ceremony: the deadline of a stop is over. */
  kill(): void {
    this.#stopping = true;
    for (const link of this.#all()) link.kill();
  }

  /** A link that is being unbound is shown until its end, for the next one of its name has nothing to show before. */
  status(): readonly GatewayStatus[] {
    return this.#current.map((link) => {
      const { name } = link.settings;
      const [[shown] = [link]] = this.#retiringAs(name);
      return { suspended: this.#suspended.has(name), ...shown.status() };
    });
  }

  update(next: readonly LinkSettings[]): void {
    const before = this.#current;
    this.#current = next.map(
      (settings) => before.find((link) => isDeepStrictEqual(link.settings, settings)) ?? this.#create(settings),
    );
    for (const link of before) if (!this.#current.includes(link)) this.#retire(link);
    // What runs already notices nothing of it.
    this.start();
  }

  async verb(name: string, which: LinkVerb): Promise<'done' | 'refused' | 'unknown'> {
    const link = this.#current.find(({ settings }) => settings.name === name);
    if (link === undefined) return 'unknown';
    // Suspended links take only resume, the others only the rest.
    if (this.#suspended.has(name) !== (which === 'resume')) return 'refused';
    this.#suspended[which === 'suspend' ? 'add' : 'delete'](name);
    if (which !== 'resume') this.#retire(link);
    if (which !== 'suspend') this.#renew(link);
    if (which !== 'resume') await Promise.all(this.#retiringAs(name).map(([, ended]) => ended));
    return 'done';
  }

  #renew(link: Link): void {
    const fresh = this.#create(link.settings);
    this.#current = this.#current.map((each) => (each === link ? fresh : each));
    this.#settle(link.settings.name);
  }

  #retire(link: Link): void {
    const cancel = this.#clock.after(RETIRE_MS, () => link.kill());
    const ended = link.stop().then(() => {
      cancel();
      this.#retiring.delete(link);
      this.#settle(link.settings.name);
    });
    this.#retiring.set(link, ended);
  }

  /** Starts the link of that name if it is wanted and none before it may still be bound; whoever changes either calls this. */
  #settle(name: string): void {
    if (this.#stopping || this.#suspended.has(name) || this.#retiringAs(name).length > 0) return;
    this.#current.find(({ settings }) => settings.name === name)?.start();
  }

  #retiringAs(name: string): readonly (readonly [Link, Promise<void>])[] {
    return [...this.#retiring].filter(([{ settings }]) => settings.name === name);
  }

  #all(): readonly Link[] {
    return [...new Set([...this.#current, ...this.#retiring.keys()])];
  }
}
