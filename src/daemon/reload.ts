import type { Config } from '../config/config.ts';
import type { ConfigFault } from '../config/faults.ts';
import type { Note } from '../lib/note.ts';
import { reasonOf } from '../lib/reason.ts';
import type { Result } from '../lib/result.ts';
import type { Live } from './live.ts';

/** What came of the last reload, for metrics. */
export interface ReloadState {
  readonly ok: boolean;
  /** Epoch ms of the last success, the start included. */
  readonly at: number;
}

export interface Reload {
  /** Reads everything first and swaps only what is valid as a whole; resolves when the new config is in force or refused. */
  run(): Promise<void>;
  state(): ReloadState;
}

export interface ReloadParts {
  readonly load: () => Promise<Result<Config, readonly ConfigFault[]>>;
  readonly live: Live;
  /** Only links and peers that changed are touched. */
  readonly gateway: { update(links: Config['links']): void };
  readonly client: { update(peers: Config['node']['peers']): Promise<void> };
  readonly outbox: { reload(): void };
  readonly now: () => number;
  readonly note: Note;
}

export function createReload({ load, live, gateway, client, outbox, now, note }: ReloadParts): Reload {
  let state: ReloadState = { ok: true, at: now() };
  let last: Promise<void> = Promise.resolve();

  async function once(): Promise<void> {
    const loaded = await load();
    if (!loaded.ok) {
      state = { ...state, ok: false };
      for (const { path, where, text } of loaded.fault) note('config.refused', { path, where, reason: text });
      return;
    }
    const restart = live.swap(loaded.value);
    outbox.reload();
    gateway.update(live.config.links);
    await client.update(live.config.node.peers);
    state = { ok: true, at: now() };
    if (restart.length > 0) note('config.needs-restart', { parts: restart.join(', ') });
    note('config.reloaded', { catalogue: live.config.catalogue.version, policy: live.config.policy.version });
  }

  async function attempt(): Promise<void> {
    try {
      await once();
    } catch (error) {
      state = { ...state, ok: false };
      note('config.refused', { reason: reasonOf(error) });
      throw error;
    }
  }

  return {
    state: () => state,
    // One after the other: the last file that was written wins. Whoever asked for one that failed has heard of it.
    run: () => (last = last.catch(() => undefined).then(attempt)),
  };
}
