import type { RequestWords } from '../src/domain/request.ts';

/** What subscribers may send in tests; folded. "0000" lists, as in China. */
export const WORDS: RequestWords = {
  yes: new Set(['yes', 'y', 'ok']),
  no: new Set(['no', 'n', 'not']),
  stop: new Set(['stop', 'end', 'cancel', 'unsubscribe', 'optout']),
  all: new Set(['all']),
  list: new Set(['list', '0000']),
  status: new Set(['status']),
  help: new Set(['help']),
  channel: new Set(['channel']),
  language: new Set(['language']),
  via: new Set(['via', 'by']),
  complain: new Set(['complain']),
  again: new Set(['code', 'again']),
  please: new Set(['please', 'pls', 'thanks', 'thank', 'you']),
};
