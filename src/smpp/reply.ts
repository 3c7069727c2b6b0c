import type { LinkSettings } from './settings.ts';

/** Answers a deliver_sm or data_sm on the connection that it came on, or not at all. */
export type Reply = (status: number, handed: (written: boolean) => void) => void;

/** What may make an SMSC deliver again (SMPP 3.4 5.1.3): each takes some of these for a reason to, and all others as final. */
export const RETRY_STATUS = {
  ESME_RSYSERR: 0x08,
  ESME_RMSGQFUL: 0x14,
  ESME_RSUBMITFAIL: 0x45,
  ESME_RTHROTTLED: 0x58,
  ESME_RX_T_APPN: 0x64,
  ESME_RDELIVERYFAILURE: 0xfe,
} as const;

type RetryName = keyof typeof RETRY_STATUS;
export const RETRY_NAMES = Object.keys(RETRY_STATUS) as [RetryName, ...RetryName[]];

/** The answer to what shall come again: the one that the link's SMSC knows, or the `usual` one. */
export function retryStatus({ moRetryStatus }: Pick<LinkSettings, 'moRetryStatus'>, usual: number): number {
  return moRetryStatus ?? usual;
}
