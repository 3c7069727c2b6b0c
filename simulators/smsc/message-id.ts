// How an SMSC writes its message ids. Many write them one way in submit_sm_resp and another in receipts.

export const ID_FORMS = ['hex', 'hex-lower', 'hex-short', 'dec', 'dec-padded'] as const;
export type IdForm = (typeof ID_FORMS)[number];

const writers: Readonly<Record<IdForm, (id: number) => string>> = {
  hex: (id) => id.toString(16).toUpperCase().padStart(8, '0'),
  'hex-lower': (id) => id.toString(16).padStart(8, '0'),
  'hex-short': (id) => id.toString(16).toUpperCase(),
  dec: (id) => String(id),
  'dec-padded': (id) => String(id).padStart(10, '0'),
};

export const writeId = (id: number, form: IdForm): string => writers[form](id);
