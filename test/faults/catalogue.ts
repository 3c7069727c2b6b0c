/**
 * What the fault runs sell. A wrong code or an early STOP costs its provider credit, so there are many providers: no run
 * moves one of them into another band.
 */
const PROVIDERS = 60;

/** Points of the default policy's bands. */
const KINDS = [
  { word: 'MATCH', points: 100, period: 'once', charge: 'event', price: '10.00' },
  { word: 'NEWS', points: 100, period: 'week', charge: 'event', price: '5.00' },
  { word: 'FILM', points: 100, period: 'once', charge: 'reserve', price: '12.00' },
  { word: 'FREE', points: 100, period: 'once', charge: 'free', price: '0.00' },
  { word: 'GOLD', points: 60, period: 'once', charge: 'event', price: '20.00' },
  { word: 'CLUB', points: 60, period: 'month', charge: 'reserve', price: '30.00' },
  { word: 'QUIZ', points: 29, period: 'once', charge: 'event', price: '15.00' },
  { word: 'LUCK', points: 0, period: 'once', charge: 'event', price: '50.00' },
] as const;

export type Word = (typeof KINDS)[number]['word'];

export function keyword(word: Word, index: number): string {
  return `${word}${index % PROVIDERS}`;
}

export function catalogueYaml(): string {
  const lines: string[] = [];
  const each = Array.from({ length: PROVIDERS }, (_, index) => index);
  const provider = (word: string, index: number): string => `${word.toLowerCase()}-${index}`;
  lines.push('providers:');
  for (const { word, points } of KINDS)
    for (const index of each)
      lines.push(`  - { id: ${provider(word, index)}, name: Planet ${index}, startingPoints: ${points} }`);
  lines.push('services:');
  let identifier = 1000;
  for (const { word, period, charge, price } of KINDS)
    for (const index of each)
      lines.push(
        `  - { id: s-${provider(word, index)}, provider: ${provider(word, index)}, keywords: [${keyword(word, index)}], ` +
          `shortCodes: ['5000'], title: ${word} ${index}, price: KES ${price}, period: ${period}, charge: ${charge}, ` +
          `serviceIdentifier: ${++identifier} }`,
      );
  return `${lines.join('\n')}\n`;
}
