/** Balances per MSISDN, integers of minor units. All calls are synchronous, so one request is one atomic step. */

export interface Account {
  readonly balance: bigint;
  /** Held by open sessions, not yet debited. */
  readonly reserved: bigint;
  /** Answered 4010. */
  readonly blocked: boolean;
  /** Answered 4011: credit control does not apply. */
  readonly free: boolean;
}

export interface AccountSetting {
  readonly balance?: bigint;
  readonly blocked?: boolean;
  readonly free?: boolean;
}

export interface Accounts {
  /** The account; opened with the default balance at first sight, or none where unknown users are refused. */
  get(msisdn: string): Account | undefined;
  set(msisdn: string, setting: AccountSetting): Account;
  /** Adds to the balance; negative takes away, and may take it below zero when used units exceed the reservation. */
  move(msisdn: string, amount: bigint): bigint;
  reserve(msisdn: string, amount: bigint): void;
  remove(msisdn: string): boolean;
  list(): ReadonlyMap<string, Account>;
}

const EMPTY: Account = { balance: 0n, reserved: 0n, blocked: false, free: false };

/** `defaultBalance` none: only accounts that were set are known, others are answered 5030. */
export function createAccounts(defaultBalance: bigint | undefined): Accounts {
  const accounts = new Map<string, Account>();

  function get(msisdn: string): Account | undefined {
    const known = accounts.get(msisdn);
    if (known !== undefined || defaultBalance === undefined) return known;
    const opened = { ...EMPTY, balance: defaultBalance };
    accounts.set(msisdn, opened);
    return opened;
  }

  function put(msisdn: string, change: (before: Account) => Partial<Account>): Account {
    const before = get(msisdn) ?? EMPTY;
    const after = { ...before, ...change(before) };
    accounts.set(msisdn, after);
    return after;
  }

  return {
    get,
    set: (msisdn, setting) => put(msisdn, () => setting),
    move: (msisdn, amount) => put(msisdn, (before) => ({ balance: before.balance + amount })).balance,
    reserve: (msisdn, amount) => void put(msisdn, (before) => ({ reserved: before.reserved + amount })),
    remove: (msisdn) => accounts.delete(msisdn),
    list: () => accounts,
  };
}

export const available = (account: Account): bigint => account.balance - account.reserved;
