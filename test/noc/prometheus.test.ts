import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { EVENTS } from '../../src/daemon/events.ts';
import type { Running } from './fakes.ts';
import { running, SOURCES } from './fakes.ts';

const RULES = 'config/prometheus/orderd.rules.yaml';
const TESTS = 'config/prometheus/orderd.rules.test.yaml';
const DASHBOARD = 'config/grafana/dashboards/orderd.json';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool && process.env['CI'] === 'true') throw new Error('CI needs promtool (Debian package prometheus)');
if (!hasPromtool) process.stdout.write('promtool is not installed: rules and metrics are not checked by it\n');

interface Rules {
  readonly groups: readonly { readonly rules: readonly Rule[] }[];
}
interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly annotations: { readonly runbook_url: string };
}
const rules = (parse(readFileSync(RULES, 'utf8')) as Rules).groups.flatMap((group) => group.rules);

let one: Running;
let text = '';
beforeAll(async () => {
  const certificates = () => [{ use: 'noc', until: 1 }];
  const outbox = () => Promise.resolve({ groups: [{ group: 'cdr', pending: 1, behind: 2 }] });
  one = await running({ sources: { ...SOURCES, certificates, outbox, reload: () => ({ ok: true, at: 1 }) } });
  ({ text } = await one.get('/metrics'));
});
afterAll(() => one.noc.close());

describe('metrics that rules and dashboards use', () => {
  const exposed = (): ReadonlySet<string> =>
    new Set(
      [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
        type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
      ),
    );
  const named = (expr: string): readonly string[] => expr.match(/\b(?:orderd|nodejs|process)_\w+/g) ?? [];
  const dashboard = JSON.parse(readFileSync(DASHBOARD, 'utf8')) as {
    readonly uid: string;
    readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
  };

  it('are all exposed', () => {
    const exprs = [
      ...rules.map(({ expr }) => expr),
      ...dashboard.panels.flatMap((p) => p.targets.map(({ expr }) => expr)),
    ];
    const used = new Set(exprs.flatMap(named));
    expect(used.size).toBeGreaterThan(30);
    expect([...used].filter((name) => !exposed().has(name))).toEqual([]);
  });

  it('the dashboard has a fixed uid and a data source that can be chosen', () => {
    expect(dashboard.uid).toBe('orderd');
    expect(JSON.stringify(dashboard)).toContain('${datasource}');
  });
});

describe('alerts', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8');

  it.each(rules)('$alert has its part in the runbook, and a test', ({ alert, annotations }) => {
    expect(annotations.runbook_url).toBe(`docs/runbook.md#${alert.toLowerCase()}`);
    expect(runbook).toContain(`\n## ${alert}\n`);
    expect(readFileSync(TESTS, 'utf8')).toContain(`alertname: ${alert}\n`);
  });

  it.each([
    ['credit that is not known', 'OrderdCreditStale'],
    ['evidence that was changed', 'OrderdEvidenceBroken'],
    ['a provider that causes too many codes', 'OrderdCodeCeiling'],
    ['a service that the OCS cannot rate', 'OrderdServiceStopped'],
    ['a breaker that opened', 'OrderdBreakerOpen'],
    ['what was given and never paid', 'OrderdGivenUnpaid'],
  ])('somebody is told of %s', (_, alert) => {
    expect(rules.map((rule) => rule.alert)).toContain(alert);
  });

  it('the counters whose first rise they wait for begin at 0: Prometheus sees no rise in a series that begins at 1', () => {
    const awaited = rules.flatMap(({ expr }) => [...expr.matchAll(/increase\((\w+)(\{\w+="[^"]+"\})/g)]);
    expect(awaited.length).toBeGreaterThanOrEqual(4);
    for (const [, name = '', labels = ''] of awaited) expect(text).toContain(`\n${name}${labels} 0\n`);
  });

  it('name events that there are, of the level that is counted as a fault', () => {
    const events = rules.flatMap(({ expr }) => [...expr.matchAll(/event="([^"]+)"/g)].map(([, event = '']) => event));
    expect(events.map((event) => [event, EVENTS[event]])).toEqual(events.map((event) => [event, 'error']));
  });

  it.each([
    'prometheus/prometheus.yaml',
    'grafana/provisioning/dashboards/orderd.yaml',
    'grafana/provisioning/datasources/prometheus.yaml',
  ])('config/%s is YAML', (file) => {
    expect(existsSync(`config/${file}`)).toBe(true);
    expect(parse(readFileSync(`config/${file}`, 'utf8'))).toBeTypeOf('object');
  });
});

describe.skipIf(!hasPromtool)('promtool', () => {
  it('check metrics', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
    expect([status, stdout, stderr]).toEqual([0, '', '']);
  });

  it('check rules', () => {
    expect(execFileSync('promtool', ['check', 'rules', RULES], { encoding: 'utf8' })).toContain('SUCCESS');
  });

  it('check config', () => {
    expect(
      execFileSync('promtool', ['check', 'config', 'config/prometheus/prometheus.yaml'], { encoding: 'utf8' }),
    ).toContain('SUCCESS');
  });

  it('test rules', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', TESTS], { encoding: 'utf8' });
    expect(status, stdout + stderr).toBe(0);
  });
});
