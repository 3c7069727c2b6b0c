/** Counters in Prometheus text format 0.0.4. */

export interface Metrics {
  count(name: MetricName, label?: string): void;
  text(gauges: Readonly<Record<GaugeName, number>>): string;
}

const COUNTERS = {
  ocs_messages_received_total: ['command', 'Diameter messages received.'],
  ocs_messages_sent_total: ['command', 'Diameter messages sent.'],
  ocs_credit_results_total: ['result', 'Credit control decisions by Result-Code, repeats left out.'],
  ocs_duplicates_total: ['retransmit', 'Requests recognised as repeats, by their T bit.'],
  ocs_faults_total: ['action', 'Fault rules that struck.'],
  ocs_refused_requests_total: ['result', 'Requests refused before credit control.'],
} as const;

export type MetricName = keyof typeof COUNTERS;

const GAUGES = {
  ocs_peers_open: 'Peers whose capabilities exchange is done.',
  ocs_requests_remembered: 'Requests whose repeat would be recognised.',
  ocs_sessions_open: 'Charging sessions without a last request.',
  ocs_accounts: 'Accounts that were opened.',
} as const;

export type GaugeName = keyof typeof GAUGES;

export function createMetrics(): Metrics {
  const counts = new Map<MetricName, Map<string, number>>();
  return {
    count: (name, label = '') => {
      const family = counts.get(name) ?? new Map<string, number>();
      family.set(label, (family.get(label) ?? 0) + 1);
      counts.set(name, family);
    },
    text: (gauges) => {
      const lines: string[] = [];
      for (const [name, [label, help]] of Object.entries(COUNTERS)) {
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} counter`);
        for (const [value, count] of counts.get(name as MetricName) ?? [])
          lines.push(`${name}{${label}="${value}"} ${count}`);
      }
      for (const [name, help] of Object.entries(GAUGES))
        lines.push(`# HELP ${name} ${help}`, `# TYPE ${name} gauge`, `${name} ${gauges[name as GaugeName]}`);
      return `${lines.join('\n')}\n`;
    },
  };
}
