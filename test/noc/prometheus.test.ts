import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
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
  const certificates = [{ use: 'noc', until: 1 }];
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
