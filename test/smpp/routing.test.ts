import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Routable } from '../../src/smpp/routing.ts';
import { routesFor } from '../../src/smpp/routing.ts';
import type { LinkSettings } from '../../src/smpp/settings.ts';
import { mt } from './support/gateway.ts';
import { linkSettings, ussdSettings } from './support/settings.ts';

function link(
  name: string,
  more: Pick<Partial<LinkSettings>, 'prefixes' | 'shortCodes' | 'channels' | 'ussd'> & Partial<Routable> = {},
) {
  const { busy = false, canSend = true, ...settings } = more;
  return { settings: linkSettings({ name, ...settings }), busy, canSend };
}

const names = (links: readonly ReturnType<typeof link>[]) => links.map(({ settings }) => settings.name);

describe('the links for a message', () => {
  it('are those with room first, among them the one that the MO came on', () => {
    const links = [link('a', { busy: true }), link('b'), link('c'), link('d', { busy: true })];
    expect(names(routesFor(links, mt({ link: 'c' })))).toEqual(['c', 'b', 'a', 'd']);
    expect(names(routesFor(links, mt({ link: 'd' })))).toEqual(['b', 'c', 'd', 'a']);
  });

  it('put the longest prefix before anything else', () => {
    const links = [
      link('all'),
      link('49', { prefixes: ['49'], busy: true }),
      link('4917', { prefixes: ['4917'], busy: true }),
    ];
    expect(names(routesFor(links, mt({ link: 'all' })))).toEqual(['4917', '49', 'all']);
  });

  it('leave out what is not bound, serves other short codes or other numbers', () => {
    const links = [
      link('down', { canSend: false }),
      link('other', { shortCodes: ['777'] }),
      link('far', { prefixes: ['1'] }),
    ];
    expect(routesFor(links, mt())).toEqual([]);
  });

  it('leave out a gateway for USSD only: an order that was dialled there has its texts over the others', () => {
    const gateway = link('gateway', { channels: [], ussd: ussdSettings('its'), prefixes: ['4917'] });
    const links = [gateway, link('sms', { busy: true })];
    expect(names(routesFor(links, mt({ link: 'gateway' })))).toEqual(['sms']);
    expect(routesFor([gateway], mt({ link: 'gateway', channel: 'flash' }))).toEqual([]);
    const screen = { op: 2, session: undefined, service: undefined, ends: false };
    expect(names(routesFor(links, mt({ link: 'gateway', channel: 'ussd', ussd: screen })))).toEqual(['gateway']);
  });

  it('are never more than the links given, each once, whatever the prefixes', () => {
    const prefix = fc.stringMatching(/^[1-9]\d{0,5}$/);
    fc.assert(
      fc.property(
        fc.array(fc.array(prefix, { maxLength: 3 }), { maxLength: 8 }),
        fc.stringMatching(/^[1-9]\d{5,14}$/),
        (all, to) => {
          const links = all.map((prefixes, index) => link(String(index), { prefixes }));
          const routes = routesFor(links, mt({ to }));
          expect(new Set(routes).size).toBe(routes.length);
          for (const { settings } of routes)
            expect(settings.prefixes?.length === 0 || settings.prefixes?.some((each) => to.startsWith(each))).toBe(
              true,
            );
        },
      ),
    );
  });
});
