import { Counter, Gauge, Registry } from 'prom-client';
import { commandOf } from '../smpp/commands.ts';
import { statusName } from '../smpp/status.ts';
import type { Direction } from './journal.ts';

export interface Metrics {
  pdu(direction: Direction, frame: Buffer): void;
  submitted(status: number | undefined): void;
  mo(status: number): void;
  redelivered(): void;
  fault(action: string): void;
  /** Prometheus text exposition format. */
  text(): Promise<string>;
  readonly contentType: string;
}

/** `binds` is asked at each scrape. */
export function metrics(binds: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]): Counter<L> =>
    new Counter({ name, help, labelNames, registers });
  const pdus = counter('smsc_pdus_total', 'PDUs carried; in is from the ESME', ['direction', 'command']);
  const submits = counter('smsc_submits_total', 'submit_sm and data_sm by the status answered', ['status']);
  const mos = counter('smsc_mo_total', 'MO parts by their last deliver_sm_resp', ['status']);
  const redeliveries = counter('smsc_redeliveries_total', 'deliver_sm sent again', []);
  const faults = counter('smsc_faults_total', 'Fault rules that struck', ['action']);
  new Gauge({
    name: 'smsc_binds',
    help: 'Sessions bound now',
    registers,
    collect() {
      this.set(binds());
    },
  });
  return {
    pdu: (direction, frame) => pdus.inc({ direction, command: commandOf(frame.readUInt32BE(4)) ?? 'unknown' }),
    submitted: (status) => submits.inc({ status: status === undefined ? 'unanswered' : statusName(status) }),
    mo: (status) => mos.inc({ status: statusName(status) }),
    redelivered: () => redeliveries.inc(),
    fault: (action) => faults.inc({ action }),
    text: () => registry.metrics(),
    contentType: registry.contentType,
  };
}
