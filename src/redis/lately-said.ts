import { createRecent } from '../lib/recent.ts';

/** Which text a receipt key leads to, of texts that this process sent lately. */
export interface LatelySaid {
  keep(receiptKey: string, mtId: string): void;
  take(receiptKey: string): string | undefined;
}

const MOST = 25_000;

export function createLatelySaid(): LatelySaid {
  const ids = createRecent<string, string>(MOST);
  return {
    keep: (receiptKey, mtId) => ids.set(receiptKey, mtId),
    take(receiptKey) {
      const id = ids.get(receiptKey);
      ids.delete(receiptKey);
      return id;
    },
  };
}
