import type { StatusView } from '../../noc/views.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { table } from '../table.ts';

export const PEERS: Command = {
  usage: 'peers',
  does: 'Diameter peers; exit code 1 when none is open',
  run: view<StatusView>(
    () => '/api/v1/status',
    peersText,
    ({ peers }) => peers.some(({ open }) => open),
  ),
};

export function peersText({ peers }: StatusView): string {
  return table(
    ['PEER', 'STATE', 'WATCHDOG', 'PENDING', 'ORIGIN-HOST', 'LAST ERROR'],
    peers.map(({ name, state, watchdog, pending, originHost, lastError }) => [
      name,
      state,
      watchdog,
      pending,
      originHost,
      lastError,
    ]),
  );
}
