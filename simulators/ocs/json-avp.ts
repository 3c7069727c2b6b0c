/** AVPs that a person wrote as JSON, for fault rules: `{name, value}` or `{code, vendor, mandatory, value: "0x..."}`. */
import { isIP } from 'node:net';
import { z } from 'zod';
import { M_BIT, V_BIT, type Avp } from '../diameter/avp.ts';
import type { AvpType } from '../diameter/dictionary-base.ts';
import { definitionNamed } from '../diameter/dictionary.ts';
import { avp, type AvpValue } from '../diameter/values.ts';

const u32 = z.int().min(0).max(0xffff_ffff);
const i32 = z.int().min(-0x8000_0000).max(0x7fff_ffff);
const big = z.union([z.int(), z.string().regex(/^-?\d{1,20}$/)]).transform((value) => BigInt(value));
const hex = z.string().regex(/^0x([0-9a-fA-F]{2})*$/, 'hex octets as 0x...');
const octets = hex.transform((text) => Buffer.from(text.slice(2), 'hex'));
const text = z.string();

const VALUES: Readonly<Record<Exclude<AvpType, 'Grouped'>, z.ZodType<AvpValue>>> = {
  Address: text.refine((value) => isIP(value) !== 0, 'an IP address'),
  Enumerated: i32,
  Identity: text,
  Integer32: i32,
  Integer64: big.refine((value) => value === BigInt.asIntN(64, value), 'a signed 64-bit number'),
  OctetString: z.union([octets, text]),
  Time: z.int().min(0),
  Unsigned32: u32,
  Unsigned64: big.refine((value) => value === BigInt.asUintN(64, value), 'an unsigned 64-bit number'),
  UTF8String: text,
};

const known = z.strictObject({ name: z.string(), value: z.unknown() });
const raw = z.strictObject({ code: u32, vendor: u32.default(0), mandatory: z.boolean().default(false), value: octets });

function namedAvp(input: z.output<typeof known>, context: z.RefinementCtx): Avp {
  const definition = definitionNamed(input.name);
  if (definition === undefined) return refuse(context, 'name', `no AVP is called ${input.name}`);
  const schema: z.ZodType<AvpValue> = definition.type === 'Grouped' ? z.array(avpSchema) : VALUES[definition.type];
  const value = schema.safeParse(input.value);
  if (value.success) return avp(input.name, value.data);
  return refuse(context, 'value', `${input.name} (${definition.type}): ${z.prettifyError(value.error)}`);
}

function refuse(context: z.RefinementCtx, field: string, message: string): never {
  context.addIssue({ code: 'custom', path: [field], message });
  return z.NEVER;
}

/** Parses to an encoded AVP, or says which field of which AVP is wrong. */
export const avpSchema: z.ZodType<Avp> = z.union([
  known.transform(namedAvp),
  raw.transform((input): Avp => ({
    code: input.code,
    vendor: input.vendor,
    flags: (input.vendor === 0 ? 0 : V_BIT) | (input.mandatory ? M_BIT : 0),
    data: input.value,
  })),
]);
