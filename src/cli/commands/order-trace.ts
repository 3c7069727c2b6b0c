import type { TraceStep } from '../../noc/trace-view.ts';
import type { Command } from '../command.ts';
import { view } from '../command.ts';
import { clock, table } from '../table.ts';

export const ORDER_TRACE: Command = {
  usage: 'order trace ID',
  does: 'one order as a timeline, from the message to the receipt',
  run: view<{ readonly steps: readonly TraceStep[] }>(
    ({ args: [id = ''] }) => `/api/v1/orders/${encodeURIComponent(id)}/trace`,
    ({ steps }) =>
      table(
        ['TIME (UTC)', 'STEP', 'WHAT'],
        steps.map(({ at, event, says }) => [clock(new Date(at).toISOString()), event, says]),
      ),
  ),
};
