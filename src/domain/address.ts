/** An SMPP address as it came (SMPP 3.4 5.2.5, 5.2.6). */
export interface Address {
  readonly ton: number;
  readonly npi: number;
  readonly digits: string;
}
