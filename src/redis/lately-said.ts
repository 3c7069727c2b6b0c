/** Which text a receipt key leads to, of texts that this process sent lately. */
export interface LatelySaid {
  keep(receiptKey: string, mtId: string): void;
  take(receiptKey: string): string | undefined;
}

const MOST = 50_000;

export function createLatelySaid(): LatelySaid {
  const ids = new Map<string, string>();
  return {
    keep(receiptKey, mtId) {
      if (ids.size >= MOST) ids.delete(ids.keys().next().value ?? '');
      ids.set(receiptKey, mtId);
    },
    take(receiptKey) {
      const id = ids.get(receiptKey);
      ids.delete(receiptKey);
      return id;
    },
  };
}
