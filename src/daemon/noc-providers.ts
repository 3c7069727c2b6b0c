import type { Storage } from './storage.ts';
import type { Provider } from '../domain/catalogue.ts';
import type { CreditReading } from '../domain/facts.ts';
import { heldBand } from '../domain/verdicts.ts';
import type { Ports } from '../flow/ports/ports.ts';
import type { ProviderSummary, SuspendedView } from '../noc/provider-view.ts';
import type { ProviderSource } from '../noc/sources.ts';

const DAY = 86_400_000;

/** Providers, their credit and their suspensions, as the NOC sees and changes them. */
export function providerSource({ credit, suspensions, clock }: Storage, ports: Ports): ProviderSource {
  const known = (): readonly Provider[] => [...ports.catalogue().providers.values()];

  async function summaryOf(provider: Provider): Promise<ProviderSummary> {
    const { id, name } = provider;
    const reading = await ports.credit.read(id);
    const score = reading.kind === 'unknown' ? undefined : reading.score;
    const band = reading.kind === 'unknown' ? undefined : heldBand(ports.policy(), reading);
    const services = [...ports.catalogue().services.values()].filter(({ providerId }) => providerId === id).length;
    const interaction = band?.interaction;
    const stands = { suspended: suspendedView(provider), suspendedServices: servicesOf(reading) };
    return { id, name, services, score, band: band?.name, interaction, reading: reading.kind, ...stands };
  }

  function servicesOf(reading: CreditReading): ProviderSummary['suspendedServices'] {
    const { suspended = {} } = (reading.kind === 'known' ? reading.standing : undefined) ?? {};
    const live = Object.entries(suspended).filter(([, until]) => until > clock.now());
    return live.map(([service, until]) => ({ service, until }));
  }

  function suspendedView({ id, suspended }: Provider): SuspendedView | undefined {
    const byHand = suspensions.of(id);
    if (byHand !== undefined) return { by: 'person', ...byHand };
    return suspended ? { by: 'config' } : undefined;
  }

  return {
    list: () => Promise.all(known().map(summaryOf)),
    async book(id) {
      const provider = ports.catalogue().providers.get(id);
      if (provider === undefined) return undefined;
      const [summary, entries] = await Promise.all([summaryOf(provider), credit.entries(id)]);
      return { summary, startingPoints: provider.startingPoints, bands: ports.policy().bands, entries };
    },
    async adjust(id, { points, why, who, days }) {
      const expires = days === undefined ? {} : { expiresAt: clock.now() + days * DAY };
      await credit.adjust(id, { points, reason: why, who, ...expires });
    },
    suspend: (id, word) => suspensions.suspend(id, { ...word, at: clock.now() }),
    resume: (id, service) => (service === undefined ? suspensions.resume(id) : credit.resume(id, service)),
  };
}
