/** The Diameter credit-control client: all peers of this node behind the flows' Charging port. */
import { isDeepStrictEqual } from 'node:util';
import type { ChargeAnswer, ChargeIdentity, ChargeRequest } from '../domain/charge.ts';
import type { Charging } from '../flow/ports/ports.ts';
import type { Clock } from '../lib/clock.ts';
import type { Note } from '../lib/note.ts';
import { createRoute, type LateAnswer, type Route } from './attempt.ts';
import type { Self } from './base-messages.ts';
import { ccrFields, compileCcr } from './ccr.ts';
import { createIdentities, word, type Identities } from './identities.ts';
import { Peer } from './peer.ts';
import { createSessions } from './sessions.ts';
import type { NodeSettings, PeerSettings } from './settings.ts';
import { Traffic } from './traffic.ts';

export interface ClientHandlers {
  /** A definite answer after `send` had resolved silent (E5). */
  readonly onLateAnswer: (late: LateAnswer) => void;
  /** Traffic may go, or may not any more: of the node, not of one peer. */
  readonly onOpen?: (open: boolean) => void;
}

export interface PeerStatus {
  readonly name: string;
  /** RFC 6733 5.6. */
  readonly state: string;
  /** RFC 3539 Appendix A. */
  readonly watchdog: string;
  readonly open: boolean;
  /** Sends whose answer could still come. */
  readonly pending: number;
  /** From the last CEA. */
  readonly originHost?: string;
  readonly lastError?: string;
}

export interface Client extends Charging {
  start(): void;
  /** DPR, DPA awaited, close; resolves when all are closed, at the latest after `deadlineMs`. */
  stop(deadlineMs: number): Promise<void>;
  status(): readonly PeerStatus[];
  /** Takes over changed config: peers that stay as they are notice nothing, changed ones end (DPR) before they start anew. */
  update(peers: readonly PeerSettings[]): Promise<void>;
}

export interface ClientEnv {
  readonly clock: Clock;
  /** `count` random octets. */
  readonly random: (count: number) => Uint8Array;
  readonly note: Note;
}

/** How long a peer that config changed may take to close, milliseconds. */
const RETIRE_MS = 5000;

class CreditControlClient implements Client {
  readonly #handlers: ClientHandlers;
  readonly #env: ClientEnv;
  readonly #self: Self;
  readonly #identities: Identities;
  /** The list that `#traffic` chooses from: it changes in place. */
  readonly #routes: Route[];
  readonly #traffic: Traffic;
  readonly #sessions = createSessions();
  #wasOpen = false;
  #stopped = false;

  constructor(node: NodeSettings, handlers: ClientHandlers, env: ClientEnv) {
    const layout = compileCcr(node);
    if (layout.faults.length > 0) throw new Error(`diameter layout: ${layout.faults.join('; ')}`);
    const startSeconds = Math.floor(env.clock.now() / 1000);
    this.#handlers = handlers;
    this.#env = env;
    this.#self = { originStateId: startSeconds, ...node };
    this.#identities = createIdentities(node.originHost, startSeconds, env.random);
    this.#routes = node.peers.map((settings) => this.#route(settings));
    this.#traffic = new Traffic(this.#routes, {
      node,
      clock: env.clock,
      note: env.note,
      onLateAnswer: handlers.onLateAnswer,
      onOutcome: (request, outcome) => this.#sessions.answered(request, outcome),
      fieldsOf: (request) => ccrFields(request, node, layout),
      firstHopByHop: word(env.random(4)),
      adopt: this.#identities.adopt,
    });
  }

  start(): void {
    for (const { peer } of this.#routes) peer.start();
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#stopped = true;
    await this.#closePeers(deadlineMs);
    this.#traffic.close();
  }

  #closePeers(deadlineMs: number): Promise<void> {
    const closed = this.#routes.map(({ peer }) => new Promise<void>((resolve) => peer.stop(resolve)));
    return new Promise((resolve) => {
      const cancel = this.#env.clock.after(deadlineMs, () => {
        for (const { peer } of this.#routes) peer.abandon();
        resolve();
      });
      void Promise.all(closed).then(() => {
        cancel();
        resolve();
      });
    });
  }

  open(): boolean {
    const open = this.#isOpen();
    // The flows ask before a charge: a peer that asked to be left alone until there is a need is needed now.
    if (!open) for (const { peer } of this.#routes) peer.need();
    return open;
  }

  async send(request: ChargeRequest): Promise<ChargeAnswer> {
    const before = this.#sessions.sending(request);
    if (before !== undefined) await before; // an update is silent after Tx at the latest
    return this.#traffic.send(request);
  }

  newIdentity(orderId: string, nowSeconds: number): ChargeIdentity {
    return this.#identities.fresh(orderId, nowSeconds);
  }

  adopt(identity: ChargeIdentity): ChargeIdentity {
    return this.#identities.adopt(identity);
  }

  endNumber(sessionId: string): number {
    return this.#sessions.ending(sessionId);
  }

  async update(peers: readonly PeerSettings[]): Promise<void> {
    const gone = this.#routes.filter(({ settings }) => !peers.some((next) => isDeepStrictEqual(next, settings)));
    const kept = new Set(this.#routes.filter((route) => !gone.includes(route)).map(({ settings }) => settings.name));
    // An agent knows a node by one connection: the old one goes first.
    await Promise.all(gone.map((route) => this.#retire(route)));
    for (const settings of peers.filter(({ name }) => !kept.has(name))) this.#begin(this.#route(settings));
  }

  status(): readonly PeerStatus[] {
    return this.#routes.map(({ peer, pending }) => ({
      name: peer.name,
      open: peer.open,
      pending: pending.size,
      ...peer.status(),
    }));
  }

  /** Takes its leave; what waits for its answer is resent elsewhere. Resolves when the connection is closed. */
  #retire(route: Route): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#env.clock.after(RETIRE_MS, () => route.peer.abandon());
      route.peer.stop(() => {
        cancel();
        const at = this.#routes.indexOf(route);
        if (at >= 0) this.#routes.splice(at, 1);
        resolve();
      });
    });
  }

  #begin(route: Route): void {
    this.#routes.push(route);
    if (!this.#stopped) route.peer.start();
  }

  #isOpen(): boolean {
    return this.#routes.some(({ peer }) => peer.open);
  }

  #route(settings: PeerSettings): Route {
    const peer = new Peer(
      settings,
      {
        onTraffic: () => this.#tellOpen(),
        onAnswer: (message) => this.#traffic.onAnswer(route, message),
        isOwed: () => route.pending.size > 0,
        knowsSession: (sessionId) => this.#sessions.knows(sessionId),
        onReAuth: (sessionId) => this.#update(sessionId),
        onFailover: () => this.#traffic.onFailover(route),
        onDown: () => this.#traffic.onDown(route),
      },
      {
        self: this.#self,
        ...this.#env,
        nextIds: () => ({ hopByHop: this.#traffic.nextHopByHop(), endToEnd: this.#identities.freshEndToEnd() }),
      },
    );
    const route = createRoute(settings, peer);
    return route;
  }

  /** The answer changes nothing: an order commits or releases by its own next step. */
  #update(sessionId: string): void {
    const request = this.#sessions.update(sessionId, this.#identities.freshEndToEnd());
    if (request !== undefined) this.#sessions.updating(sessionId, this.#traffic.send(request));
  }

  #tellOpen(): void {
    const open = this.#isOpen();
    if (open === this.#wasOpen) return;
    this.#wasOpen = open;
    this.#handlers.onOpen?.(open);
  }
}

/** Throws for a node whose `compileCcr` has faults: the config check tells those. */
export function createClient(node: NodeSettings, handlers: ClientHandlers, env: ClientEnv): Client {
  return new CreditControlClient(node, handlers, env);
}
