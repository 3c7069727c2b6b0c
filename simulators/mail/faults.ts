// Rules that make the mail server refuse or dawdle.

export interface MailFault {
  readonly id: number;
  /** Where it strikes: at MAIL FROM, at a recipient or after the text (RFC 5321 4.1.1.2 to 4.1.1.4). */
  readonly on: 'mail' | 'rcpt' | 'data';
  /** Reply code: 4xx is temporary, 5xx is for good (RFC 5321 4.2.1). Without one the reply is only late. */
  readonly code?: number | undefined;
  readonly text?: string | undefined;
  readonly delayMs: number;
  /** Strikes left; undefined means for ever. */
  readonly count?: number | undefined;
  /** Regular expression on the recipient. */
  readonly matchTo?: string | undefined;
}

export interface MailFaults {
  add(rule: Omit<MailFault, 'id'>): MailFault;
  remove(): number;
  list(): readonly MailFault[];
  /** The first rule that matches, its count spent. */
  match(on: MailFault['on'], to: readonly string[]): MailFault | undefined;
}

export function mailFaults(): MailFaults {
  let rules: readonly MailFault[] = [];
  let lastId = 0;
  return {
    add(rule) {
      lastId += 1;
      const added = { ...rule, id: lastId };
      rules = [...rules, added];
      return added;
    },
    remove() {
      const count = rules.length;
      rules = [];
      return count;
    },
    list: () => rules,
    match(on, to) {
      const fits = ({ matchTo }: MailFault): boolean =>
        matchTo === undefined || to.some((each) => new RegExp(matchTo, 'u').test(each));
      const found = rules.find((rule) => rule.on === on && fits(rule));
      if (found?.count === undefined) return found;
      const spent = { ...found, count: found.count - 1 };
      rules = rules.map((rule) => (rule.id === found.id ? spent : rule)).filter(({ count }) => count !== 0);
      return found;
    },
  };
}
