import type { NodeSettings } from '../diameter/settings.ts';
import type { BreakerSettings } from '../domain/breaker.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { BurstRule, CreditRule } from '../domain/credit-rule.ts';
import type { Menu } from '../domain/menu.ts';
import type { Policy } from '../domain/policy.ts';
import type { FlowSettings } from '../flow/ports/settings.ts';
import type { HashingKeys } from '../hashing/hashing.ts';
import type { MailSettings } from '../mail/mail.ts';
import type { RedisTls } from '../redis/settings.ts';
import type { LinkSettings } from '../smpp/settings.ts';
import type { WebhookSettings } from '../webhook/webhook.ts';
import type { Language } from '../words/language.ts';

/** A config file after every check: what the composition root builds from. Times in milliseconds, paths absolute. */
export interface Config {
  readonly instance: {
    readonly name: string;
    readonly stateDir: string;
    readonly drainWithin: number;
    /** The outbox's consumers get a thread of their own. */
    readonly outboxThread: boolean;
  };
  /** `embedded`: the launcher starts and keeps a Redis in `folder`. */
  readonly redis:
    | { readonly kind: 'embedded'; readonly folder: string; readonly prefix: string }
    | { readonly kind: 'url'; readonly url: string; readonly prefix: string; readonly tls: RedisTls | undefined };
  readonly links: readonly LinkSettings[];
  readonly node: NodeSettings;
  readonly catalogue: Catalogue;
  /** By service id. */
  readonly webhooks: ReadonlyMap<string, WebhookSettings>;
  readonly policy: Policy;
  /** Credit older than this is stale (E18). */
  readonly creditMaxAge: number;
  readonly credit: {
    readonly rules: readonly CreditRule[];
    readonly burst: BurstRule;
    /** Milliseconds that a provider's worst service stays suspended when its band says so. */
    readonly suspendServiceFor: number;
  };
  /** The composition root knows which channels can speak. */
  readonly flow: Omit<FlowSettings, 'channels'>;
  readonly charging: {
    /** Orders that wait for the OCS; above it an order's MO gets a temporary error (E24). */
    readonly backlogLimit: number;
    /** 5031 answers in a row that stop a service, and for how long (milliseconds). */
    readonly ratingFailures: number;
    readonly ratingPause: number;
    readonly breaker: BreakerSettings;
  };
  /** The email channel; undefined where none is offered. */
  readonly mail: (MailSettings & { readonly perAddressAndDay: number }) | undefined;
  /** How long texts whose receipts came, texts that wait for one, and dead letters are kept; milliseconds. */
  readonly keep: { readonly settledMts: number; readonly receipts: number; readonly deadLetters: number };
  /** `generated`: `generateKeys(folder)` makes them on first use. */
  readonly keys:
    { readonly kind: 'generated'; readonly folder: string } | { readonly kind: 'given'; readonly keys: HashingKeys };
  /** The first one is the default. */
  readonly languages: readonly [Language, ...Language[]];
  /** Undefined where no USSD is spoken. */
  readonly ussd: { readonly menu: Menu } | undefined;
  readonly noc: {
    readonly host: string;
    readonly port: number;
    /** Further names under which it is asked for. */
    readonly hosts: readonly string[];
    /** Addresses and networks whose X-Forwarded-For is believed. */
    readonly proxies: readonly string[];
    readonly tls: { readonly cert: string; readonly key: string } | undefined;
    readonly users: readonly { readonly name: string; readonly role: Role; readonly password: string }[];
    readonly tokens: readonly { readonly name: string; readonly role: Role; readonly token: string }[];
    /** Life of a login, milliseconds. */
    readonly sessionFor: number;
  };
  readonly log: { readonly level: LogLevel; readonly pretty: 'auto' | 'always' | 'never' };
  /** No folder: none are written. */
  readonly cdr: { readonly folder: string | undefined };
  /** Milliseconds, by the profile. */
  readonly retention: Retention;
  /** No folder: none is kept. */
  readonly evidence: { readonly folder: string | undefined; readonly heads: string };
}

type Role = 'viewer' | 'operator';

export interface Retention {
  /** An order is kept this long whoever asks for its erasure: what the law wants. */
  readonly keep: number;
  /** Then an order at its end leaves Redis, and a file its folder. */
  readonly orders: number;
  readonly evidence: number;
  readonly cdr: number;
}

export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error';
