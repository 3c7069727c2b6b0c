/** One-time events (RFC 8506 section 6): direct debiting, refund, balance check and price enquiry. */
import { RESULT } from '../diameter/dictionary.ts';
import { available, type Account, type Accounts } from './accounts.ts';
import { refused, type Outcome } from './outcome.ts';
import { rate, serviceOf, type Rating } from './rating.ts';
import type { CreditRequest, RequestedAction } from './request.ts';

export interface Books {
  readonly accounts: Accounts;
  readonly rating: Rating;
}

/** Sums what the items cost; an item without Requested-Service-Unit costs one unit of its tariff. */
function price(request: CreditRequest, rating: Rating): { readonly amount: bigint } | { readonly reason: string } {
  let amount = 0n;
  for (const item of request.items) {
    const rated = rate(item.requested ?? { kind: 'open' }, serviceOf(request, item), rating);
    if ('reason' in rated) return rated;
    amount += rated.amount;
  }
  return { amount };
}

type Done = Pick<Outcome, 'debited' | 'checkBalance' | 'cost'>;
type Step = (books: Books, request: CreditRequest, amount: bigint) => Done;

const STEPS: Readonly<Record<RequestedAction, Step>> = {
  DIRECT_DEBITING: (books, request, amount) => {
    books.accounts.move(request.msisdn, -amount);
    return { debited: amount };
  },
  REFUND_ACCOUNT: (books, request, amount) => {
    books.accounts.move(request.msisdn, amount);
    return { debited: -amount };
  },
  CHECK_BALANCE: (books, request, amount) => {
    const account = books.accounts.get(request.msisdn);
    return { debited: 0n, checkBalance: account !== undefined && available(account) >= amount ? 0 : 1 };
  },
  PRICE_ENQUIRY: (_books, _request, amount) => ({ debited: 0n, cost: amount }),
};

/** Why an account gets nothing, whatever it costs. */
export function accountRefusal(account: Account | undefined): { result: number; reason: string } | undefined {
  if (account === undefined) return { result: RESULT.userUnknown, reason: 'no such account' };
  if (account.blocked) return { result: RESULT.endUserServiceDenied, reason: 'the account is blocked' };
  if (account.free) return { result: RESULT.creditControlNotApplicable, reason: 'free of charge for this account' };
  return undefined;
}

/** Decides and books an EVENT_REQUEST in one synchronous step. */
export function chargeEvent(books: Books, request: CreditRequest, action: RequestedAction): Outcome {
  const service = serviceOf(request, request.items[0]);
  const account = books.accounts.get(request.msisdn);
  const refusal = accountRefusal(account);
  if (refusal !== undefined || account === undefined) {
    const { result, reason } = refusal ?? { result: RESULT.userUnknown, reason: 'no such account' };
    return { ...refused({ action, service, amount: 0n }, result, reason, request.items), ...balance(books, request) };
  }
  const priced = price(request, books.rating);
  if ('reason' in priced) {
    return {
      ...refused({ action, service, amount: 0n }, RESULT.ratingFailed, priced.reason, request.items),
      ...balance(books, request),
    };
  }
  const { amount } = priced;
  if (action === 'DIRECT_DEBITING' && available(account) < amount) {
    const reason = `balance ${available(account)} is below ${amount}`;
    return {
      ...refused({ action, service, amount }, RESULT.creditLimitReached, reason, request.items),
      ...balance(books, request),
    };
  }
  const done = STEPS[action](books, request, amount);
  const items = request.items.map((item) => ({ item, result: RESULT.success, granted: grant(action, item.requested) }));
  return { action, service, amount, result: RESULT.success, items, ...done, ...balance(books, request) };
}

/** Only a debit grants units; a refund, an enquiry and a check grant none (RFC 8506 sections 6.1 to 6.4). */
function grant(action: RequestedAction, requested: CreditRequest['items'][number]['requested']): typeof requested {
  return action === 'DIRECT_DEBITING' ? requested : undefined;
}

/** The balance to book beside an outcome. */
export function balance(books: Books, request: CreditRequest): { balanceAfter?: bigint } {
  const account = books.accounts.get(request.msisdn);
  return account === undefined ? {} : { balanceAfter: account.balance };
}
