import { z } from 'zod';
import { CHANNELS } from '../domain/channel.ts';
import { MENU_DEEDS, MENU_LABELS, MENU_LISTS } from '../domain/menu.ts';
import type { MenuLabel } from '../domain/menu.ts';
import { USSD_DIALECTS } from '../smpp/ussd/dialects.ts';
import { duration, oneOf, shortCode, text, whole, yesNo } from './fields.ts';

const dialled = () =>
  z
    .string()
    .regex(/^\*\d{1,6}(?:\*\d{1,10})*#$/)
    .meta({ expected: "a code as it is dialled, in quotes, such as '*384#'" });

/** USSD over one link (SMPP 3.4 5.3.2.43, .44). */
export const linkUssdSchema = z
  .strictObject({
    dialect: oneOf(USSD_DIALECTS).default('its'),
    tag: whole(0x0001, 0xffff).default(0x1401),
    codes: z
      .record(dialled(), shortCode())
      .meta({ expected: "a map of dialled codes to short codes, such as { '*384#': '5000' }" }),
    push: yesNo().default(true),
    userTimeout: duration('1s', '10m').prefault('90s'),
    answerWithin: duration('100ms', '2m').prefault('8s'),
    abortOp: whole(0, 255).default(129),
    gsm7Coding: whole(0, 255).default(0),
    ucs2Coding: whole(0, 255).default(8),
  })
  .optional();

const label = () =>
  z
    .record(
      z
        .string()
        .regex(/^[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/)
        .meta({ expected: 'a language, such as en' }),
      z.string().min(1).max(500),
    )
    .meta({ expected: 'a text per language, such as { en: Back, sw: Nyuma }' });

const screenName = () => text(40, 'the name of a screen');

const act = {
  go: screenName().optional(),
  do: oneOf(MENU_DEEDS).optional(),
  via: oneOf(CHANNELS).optional(),
};

const screenSchema = z.strictObject({
  title: label(),
  items: z
    .array(z.strictObject({ label: label(), ...act }))
    .max(20)
    .default([])
    .meta({ expected: 'a list of at most 20 items' }),
  list: z.strictObject({ of: oneOf(MENU_LISTS), row: label(), none: label(), ...act }).optional(),
  reads: z.literal('code').optional(),
});

const key = () =>
  z
    .string()
    .regex(/^\d{1,3}$/)
    .meta({ expected: "digits in quotes, such as '98'" });

const menuSchema = z.strictObject({
  start: screenName(),
  keys: z.strictObject({ more: key().default('98'), back: key().default('0') }).prefault({}),
  labels: z.strictObject(
    Object.fromEntries(MENU_LABELS.map((name) => [name, label()])) as Record<MenuLabel, ReturnType<typeof label>>,
  ),
  screens: z.record(screenName(), screenSchema).meta({ expected: 'screens by their names' }),
});

export const ussdSchema = z.strictObject({ menu: menuSchema }).optional();

export type UssdInput = NonNullable<z.output<typeof ussdSchema>>;
export type MenuInput = UssdInput['menu'];
export type LinkUssdInput = NonNullable<z.output<typeof linkUssdSchema>>;
