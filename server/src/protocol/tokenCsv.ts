import { type Csv, toCsv } from '../core/surfaces/csv';
import type { InspectTokensResult } from './protocol';

/** Names for programs, so they are not translated. */
const header = [
  ...['model', 'index', 'token', 'id', 'start', 'end', 'text', 'word', 'special', 'unknown'],
  ...['label', 'probability', 'label2', 'probability2'],
];

/** Digits that tell apart what 32-bit numbers do. */
const probabilityDigits = 7;

/** What the models see in a sentence, one line a token, as RFC 4180 has it. Offsets are UTF-16 in the sentence. */
export function tokenCsv({ sentence, models }: InspectTokensResult): Csv {
  const rows = models.flatMap(({ model, tokens }) =>
    tokens.map(({ token, id, start, end, word, isSpecial, isUnknown, labels }, index) => [
      ...[model, index, token, id, start, end, sentence.slice(start, end), word ?? '', isSpecial, isUnknown],
      ...[0, 1].flatMap((rank) => {
        const label = labels[rank];
        return label ? [label.label, label.score.toPrecision(probabilityDigits)] : ['', ''];
      }),
    ]),
  );
  return toCsv([header, ...rows]);
}
