import { z } from 'zod';
import { duration, whole } from './fields.ts';

/** When the OCS is asked, when it is left alone, and what subscribers hear meanwhile. */
export const chargingSchema = z
  .strictObject({
    askFor: duration('100ms', '10s').prefault('2s'),
    backlogLimit: whole(1, 10_000_000).default(10_000),
    ratingFailures: whole(1, 1000).default(3),
    ratingPause: duration('1s', '7d').prefault('1h'),
    breaker: z
      .strictObject({
        window: duration('100ms', '10m').prefault('10s'),
        least: whole(1, 100_000).default(20),
        badPercent: whole(1, 100).default(50),
        openFor: duration('100ms', '1h').prefault('10s'),
        probes: whole(1, 1000).default(5),
      })
      .prefault({}),
  })
  .prefault({});
