/** What the subscribers send: each text encoded once, and again patched for whoever says it. */
import type { Turn } from './dialogues.ts';
import type { Addresses, Submission, Template } from './pdus.ts';
import { moTemplate } from './pdus.ts';
import type { Mix } from './plan.ts';
import { goesOn, isUssd, serviceOp, turnTemplate } from './ussd.ts';

export class Speech {
  readonly #addresses: Addresses;
  readonly #mix: Mix;
  readonly #dialled: readonly boolean[];
  readonly #known = new Map<string, Template>();

  constructor(addresses: Addresses, mix: Mix) {
    this.#addresses = addresses;
    this.#mix = mix;
    this.#dialled = mix.map(({ script }) => isUssd(script));
  }

  /** `text` at `step` of a dialogue of that kind. */
  template({ kind, step }: Turn, text: string): Template {
    const key = this.#dialled[kind] === true ? `${kind}/${step}/${text}` : text;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const template = this.#encoded({ kind, step }, text);
    // A code is said once; keeping its octets would only fill memory.
    if (this.#mix[kind]?.script[step] !== '{code}') this.#known.set(key, template);
    return template;
  }

  /** Whether the peer's word ended a USSD dialogue before its script, or went beside it. */
  brokeOff({ kind, step }: Turn, bytes: Buffer, { textEnd, end }: Submission): boolean {
    if (this.#dialled[kind] !== true) return false;
    return !goesOn(serviceOp(bytes, textEnd, end), this.#mix[kind]?.script ?? [], step);
  }

  #encoded({ kind, step }: Turn, text: string): Template {
    const { script } = this.#mix[kind] ?? { script: [] };
    return this.#dialled[kind] === true
      ? turnTemplate(this.#addresses, script, step, text)
      : moTemplate(this.#addresses, text);
  }
}
