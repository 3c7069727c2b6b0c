import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Phone } from '../../src/launcher/demo/subscriber.ts';
import { phone, until } from '../../src/launcher/demo/subscriber.ts';
import { isDebit, ledger } from '../../src/launcher/demo/stage.ts';
import type { Lab } from '../../src/launcher/lab.ts';
import { FREE_PORTS, LAB_CONFIG, startLab } from '../../src/launcher/lab.ts';
import { ROOT } from '../../src/launcher/paths.ts';

/** The six moments at which a kill -9 must leave an order that completes with one debit and at least one notice. */
const STEPS = {
  'order.opened': 'the order is stored, its MO not acknowledged',
  'mo.acknowledged': 'the MO is acknowledged, no CCR written',
  'charge.written': 'the CCR is written, not answered',
  'charge.answered': 'the answer was read, not recorded',
  'order.placed': 'the order is placed, its notice not written',
  'mt.written': 'the notice is written, not responded to',
} as const;

const ROUNDS = 20;

// Side by side: each round mostly waits for a dead process's lease to end.
describe.concurrent('kill -9 of the daemon', () => {
  it.each(Object.entries(STEPS))(
    `at %s, ${ROUNDS} times (%s): one debit, one notice or more`,
    { timeout: 900_000 },
    async (step) => {
      const dir = mkdtempSync(join(tmpdir(), 'orderd-kill-'));
      const trigger = join(dir, 'kill-now');
      const lab = await startDoomedLab(dir, trigger);
      try {
        for (let round = 0; round < ROUNDS; round++)
          await killOnce(lab, { trigger, step }, `2547${String(10_000_000 + round)}`);
      } finally {
        await lab.stop();
        rmSync(dir, { recursive: true, force: true });
      }
    },
  );
});

function startDoomedLab(dir: string, trigger: string): Promise<Lab> {
  return startLab({
    dir,
    ports: FREE_PORTS,
    config: LAB_CONFIG,
    daemonNode: ['--import', join(ROOT, 'test/faults/kill-at.mjs')],
    env: {
      ORDERD_KILL_FILE: trigger,
      ORDERD_LEASE__TIME: '3s',
      ORDERD_LEASE__SWEEP_EVERY: '100ms',
      ORDERD_DIAMETER__TX: '1s',
    },
  });
}

async function killOnce(lab: Lab, { trigger, step }: { trigger: string; step: string }, msisdn: string): Promise<void> {
  const handset = phone(lab.smscUrl, msisdn, '5000');
  const doomed = lab.daemon();
  await bound(lab);
  writeFileSync(trigger, step);
  // The SMSC keeps redelivering until the daemon that follows acknowledges.
  const acknowledged = handset.text('NEWS');
  expect(await doomed.exited, 'killed at the step').toBeNull();
  rmSync(trigger);
  await lab.startDaemon();
  await acknowledged;
  expect(await outcome(handset)).toMatch(/is ordered/);
  await until('the debit', async () => (await debitsOf(lab, msisdn)) || undefined);
  expect(await debitsOf(lab, msisdn)).toBe(1);
}

/** A daemon that comes back before its peer does says first that the order takes longer. */
async function outcome(handset: Phone): Promise<string> {
  for (;;) {
    const { text } = await handset.read();
    if (!text.includes('takes longer')) return text;
  }
}

async function debitsOf(lab: Lab, msisdn: string): Promise<number> {
  return (await ledger(lab)).filter((entry) => entry.msisdn === msisdn && isDebit(entry)).length;
}

/** Ready: bound and a peer open, so that the order takes the inline way through every step. */
async function bound(lab: Lab): Promise<void> {
  await until('the daemon to be ready', async () => {
    const answer = await fetch(`${lab.nocUrl()}/readyz`);
    return answer.ok ? true : undefined;
  });
}
