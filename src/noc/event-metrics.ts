import type { NoteFields } from '../lib/note.ts';

/** How one event moves one metric. A label is a field of the note, a fixed text, or a function of the fields. */
export interface EventMetric {
  readonly metric: CounterName | HistogramName;
  readonly labels?: Readonly<Record<string, (fields: NoteFields) => string>>;
  /** What a histogram observes, in the unit of its name. */
  readonly value?: (fields: NoteFields) => number | undefined;
  /** Only some notes of the event count. */
  readonly when?: (fields: NoteFields) => boolean;
}

const field =
  (name: string) =>
  (fields: NoteFields): string =>
    String(fields[name] ?? 'none');
const fixed = (text: string) => (): string => text;
const resultClass = (fields: NoteFields): string => `${Math.floor(Number(fields['result'] ?? 0) / 1000)}xxx`;
const numberOf =
  (name: string) =>
  (fields: NoteFields): number | undefined => {
    const value = fields[name];
    return typeof value === 'number' ? value : undefined;
  };
const tookSeconds = ({ ms }: NoteFields): number | undefined => (typeof ms === 'number' ? ms / 1000 : undefined);
/** As the standard's tables and our texts write it. */
const statusText = ({ status }: NoteFields): string =>
  `0x${Number(status ?? 0)
    .toString(16)
    .padStart(8, '0')}`;
const link = field('link');
const peer = field('peer');

export const COUNTERS = {
  orderd_smpp_bind_total: { help: 'Binds by what came of them', labels: ['link', 'outcome'] },
  orderd_smpp_lost_total: { help: 'Sessions that were lost', labels: ['link'] },
  orderd_smpp_pdu_total: { help: 'PDUs sent and received', labels: ['link', 'dir', 'command', 'status'] },
  orderd_smpp_throttled_total: { help: 'submit_sm that the SMSC slowed down', labels: ['link'] },
  orderd_smpp_refused_total: {
    help: 'submit_sm that the SMSC refused, by command_status and by what it is taken for',
    labels: ['link', 'status', 'kind'],
  },
  orderd_smpp_timeouts_total: { help: 'submit_sm without a response', labels: ['link'] },
  orderd_smpp_parse_errors_total: { help: 'PDUs and streams that could not be read', labels: ['link'] },
  orderd_mo_total: { help: 'Messages from handsets by what they ask for', labels: ['link', 'request'] },
  orderd_mo_repeats_total: { help: 'Messages from handsets that came again', labels: ['link'] },
  orderd_mo_refused_total: { help: 'Messages from handsets that were not stored', labels: ['link'] },
  orderd_mt_total: { help: 'Texts to handsets by what came of a try', labels: ['kind', 'outcome'] },
  orderd_receipts_total: { help: 'Delivery receipts by state', labels: ['link', 'state'] },
  orderd_orders_opened_total: { help: 'Orders opened by the state they start in', labels: ['state'] },
  orderd_orders_resolved_total: { help: 'Disputed orders by where a person sent them', labels: ['state'] },
  orderd_challenge_answers_total: { help: 'Answers to challenges', labels: ['kind', 'outcome'] },
  orderd_diameter_answers_total: { help: 'Credit control answers by class of result code', labels: ['peer', 'result'] },
  orderd_diameter_timeouts_total: { help: 'Charges without an answer within Tx', labels: ['action'] },
  orderd_diameter_retransmits_total: { help: 'Charges sent again with the T flag', labels: ['peer'] },
  orderd_diameter_late_answers_total: { help: 'Answers that came after Tx', labels: ['action'] },
  orderd_diameter_failovers_total: { help: 'Charges moved to another peer', labels: ['peer'] },
  orderd_ocs_breaker_total: {
    help: 'Moves of the breaker before the OCS by the state they lead to',
    labels: ['state'],
  },
  orderd_ussd_opened_total: { help: 'USSD dialogues by who began them', labels: ['link', 'kind'] },
  orderd_ussd_sessions_total: {
    help: 'USSD dialogues by who began them and why they ended',
    labels: ['link', 'kind', 'end'],
  },
  orderd_ussd_dropped_total: { help: 'USSD turns that belong to no live dialogue', labels: ['link', 'why'] },
  orderd_mo_pushed_back_total: { help: 'Orders that the SMSC was asked to send again later', labels: ['link'] },
  orderd_queue_stalled_total: { help: 'Jobs whose worker went away', labels: ['queue'] },
  orderd_queue_dead_total: { help: 'Jobs given up', labels: ['queue'] },
  orderd_evidence_broken_total: { help: 'Evidence files that did not stand by their signed head', labels: [] },
  orderd_outbox_failed_total: {
    help: 'Notes that an outbox consumer failed: of runs in a row the 1st, 2nd, 4th, ...',
    labels: ['group'],
  },
  orderd_noc_logins_refused_total: { help: 'Refused logins at the NOC', labels: [] },
  orderd_faults_total: { help: 'Notes of level error by event', labels: ['event'] },
} as const;
export type CounterName = keyof typeof COUNTERS;

/** Series that an alert waits for are there from the start: Prometheus sees no rise in one that begins at 1. */
export const BEGUN: Readonly<Partial<Record<CounterName | HistogramName, readonly (readonly string[])[]>>> = {
  orderd_faults_total: [['code.ceiling'], ['service.stopped'], ['order.given-unpaid']],
  orderd_ocs_breaker_total: [['open']],
  orderd_score_seconds: [['known'], ['stale'], ['unknown']],
};

export const HISTOGRAMS = {
  orderd_order_seconds: {
    help: "Time from opening an order to placing it, the subscriber's answer included",
    labels: ['interaction'],
    buckets: [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600],
  },
  orderd_score_seconds: {
    help: "Time to read a provider's credit for an order, by what was read",
    labels: ['reading'],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
  orderd_queue_attempts: {
    help: 'Tries that a job took until it was done',
    labels: ['queue'],
    buckets: [1, 2, 3, 5, 8, 13, 21, 34],
  },
  orderd_ussd_session_seconds: {
    help: 'Time from the first to the last word of a USSD dialogue',
    labels: ['link', 'kind'],
    buckets: [1, 2, 5, 10, 20, 30, 60, 120, 180, 300],
  },
  orderd_smpp_response_seconds: {
    help: 'Time from submit_sm to its response',
    labels: ['link'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
  orderd_diameter_request_seconds: {
    help: 'Time from a charge to its answer',
    labels: ['peer', 'action'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
  },
} as const;
export type HistogramName = keyof typeof HISTOGRAMS;

const bind = (outcome: string): EventMetric => ({
  metric: 'orderd_smpp_bind_total',
  labels: { link, outcome: fixed(outcome) },
});
const pdu = (dir: string): EventMetric => ({
  metric: 'orderd_smpp_pdu_total',
  labels: { link, dir: fixed(dir), command: field('command'), status: field('status') },
});
const mt = (outcome: string): EventMetric => ({
  metric: 'orderd_mt_total',
  labels: { kind: field('kind'), outcome: fixed(outcome) },
});

const breaker = (state: string): EventMetric => ({
  metric: 'orderd_ocs_breaker_total',
  labels: { state: fixed(state) },
});

/** Event to metrics; what is not here is not counted. */
export const EVENT_METRICS: Readonly<Record<string, readonly EventMetric[]>> = {
  'link.bound': [bind('bound')],
  'link.bind-refused': [bind('refused')],
  'link.password-refused': [bind('password-refused')],
  'link.lost': [{ metric: 'orderd_smpp_lost_total', labels: { link } }],
  'pdu.sent': [pdu('out')],
  'pdu.received': [pdu('in')],
  'pdu.fault': [{ metric: 'orderd_smpp_parse_errors_total', labels: { link } }],
  'stream.fault': [{ metric: 'orderd_smpp_parse_errors_total', labels: { link } }],
  'mt.accepted': [
    {
      metric: 'orderd_smpp_response_seconds',
      labels: { link },
      value: tookSeconds,
    },
  ],
  'mt.throttled': [{ metric: 'orderd_smpp_throttled_total', labels: { link } }],
  'mt.refused': [{ metric: 'orderd_smpp_refused_total', labels: { link, status: statusText, kind: field('kind') } }],
  'mt.unanswered': [{ metric: 'orderd_smpp_timeouts_total', labels: { link } }],
  'mt.said': [mt('said')],
  'mt.waits': [mt('waits')],
  'mt.dead': [mt('dead')],
  'mt.outdated': [mt('outdated')],
  'ussd.opened': [{ metric: 'orderd_ussd_opened_total', labels: { link, kind: field('kind') } }],
  'ussd.ended': [
    { metric: 'orderd_ussd_sessions_total', labels: { link, kind: field('kind'), end: field('why') } },
    {
      metric: 'orderd_ussd_session_seconds',
      labels: { link, kind: field('kind') },
      value: numberOf('seconds'),
    },
  ],
  'ussd.dropped': [{ metric: 'orderd_ussd_dropped_total', labels: { link, why: field('why') } }],
  'mo.request': [{ metric: 'orderd_mo_total', labels: { link, request: field('request') } }],
  'mo.repeat': [{ metric: 'orderd_mo_repeats_total', labels: { link } }],
  'mo.refused': [{ metric: 'orderd_mo_refused_total', labels: { link } }],
  'receipt.received': [{ metric: 'orderd_receipts_total', labels: { link, state: field('state') } }],
  'credit.read': [{ metric: 'orderd_score_seconds', labels: { reading: field('reading') }, value: tookSeconds }],
  'order.opened': [{ metric: 'orderd_orders_opened_total', labels: { state: field('state') } }],
  'order.placed': [
    { metric: 'orderd_order_seconds', labels: { interaction: field('interaction') }, value: tookSeconds },
  ],
  'order.resolved': [{ metric: 'orderd_orders_resolved_total', labels: { state: field('state') } }],
  'challenge.answered': [
    { metric: 'orderd_challenge_answers_total', labels: { kind: field('kind'), outcome: field('outcome') } },
  ],
  'charge.answered': [{ metric: 'orderd_diameter_answers_total', labels: { peer, result: resultClass } }],
  'charge.silent': [{ metric: 'orderd_diameter_timeouts_total', labels: { action: field('action') } }],
  'charge.written': [
    { metric: 'orderd_diameter_retransmits_total', labels: { peer }, when: ({ retransmit }) => retransmit === true },
  ],
  'charge.late': [{ metric: 'orderd_diameter_late_answers_total', labels: { action: field('action') } }],
  // No note, and in no event table: what the meter finds between charge.written and charge.answered.
  'charge.timed': [
    {
      metric: 'orderd_diameter_request_seconds',
      labels: { peer, action: field('action') },
      value: tookSeconds,
    },
  ],
  'noc.login-refused': [{ metric: 'orderd_noc_logins_refused_total' }],
  'breaker.open': [breaker('open')],
  'breaker.half-open': [breaker('half-open')],
  'breaker.closed': [breaker('closed')],
  'mo.pushed-back': [{ metric: 'orderd_mo_pushed_back_total', labels: { link } }],
  'charge.failover': [{ metric: 'orderd_diameter_failovers_total', labels: { peer } }],
  'queue.done': [{ metric: 'orderd_queue_attempts', labels: { queue: field('queue') }, value: numberOf('attempts') }],
  'queue.stalled': [{ metric: 'orderd_queue_stalled_total', labels: { queue: field('queue') } }],
  'queue.dead': [{ metric: 'orderd_queue_dead_total', labels: { queue: field('queue') } }],
  'evidence.broken': [{ metric: 'orderd_evidence_broken_total', labels: {} }],
  'outbox.failed': [{ metric: 'orderd_outbox_failed_total', labels: { group: field('group') } }],
};
