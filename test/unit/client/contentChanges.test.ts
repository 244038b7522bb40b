import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ContentChange, toTextEdits } from '../../../client/src/entities/contentChanges';
import { applyEdits } from '../../../server/src/core/text/edits';

/** What an editor does with an event: all changes at once, each in the offsets of the old text. */
function applyTogether(text: string, changes: readonly ContentChange[]): string {
  let result = '';
  let position = 0;
  for (const change of changes.toSorted((a, b) => a.rangeOffset - b.rangeOffset)) {
    result += text.slice(position, change.rangeOffset) + change.text;
    position = change.rangeOffset + change.rangeLength;
  }
  return result + text.slice(position);
}

test('several changes of one event become edits from the last to the first', () => {
  const edits = toTextEdits(
    [
      { rangeOffset: 0, rangeLength: 5, text: 'Grüß' },
      { rangeOffset: 6, rangeLength: 0, text: '🌍 ' },
    ],
    () => '',
  );
  expect(edits).toEqual([
    { start: 6, end: 6, text: '🌍 ' },
    { start: 0, end: 5, text: 'Grüß' },
  ]);
});

test('no change is no edit', () => {
  expect(toTextEdits([], () => '')).toEqual([]);
});

test('many changes become one edit that spans them', () => {
  const text = 'a,'.repeat(200);
  const changes = Array.from({ length: 100 }, (_, index) => ({
    rangeOffset: 2 * index + 50,
    rangeLength: 1,
    text: '漢字',
  }));
  const newText = applyTogether(text, changes);
  const edits = toTextEdits(changes, (start, end) => newText.slice(start, end));
  expect(edits).toEqual([{ start: 50, end: 249, text: `${'漢字,'.repeat(99)}漢字` }]);
});

const changesOf = (length: number): fc.Arbitrary<ContentChange[]> =>
  fc
    .tuple(
      fc.uniqueArray(fc.nat(length), { maxLength: 300 }),
      fc.array(fc.string({ unit: 'binary', maxLength: 3 }), { minLength: 150, maxLength: 150 }),
    )
    .map(([points, texts]) => {
      const sorted = points.toSorted((a, b) => a - b);
      const changes: ContentChange[] = [];
      for (let index = 0; index + 1 < sorted.length; index += 2) {
        const start = sorted[index] ?? 0;
        const end = sorted[index + 1] ?? 0;
        changes.push({ rangeOffset: start, rangeLength: end - start, text: texts[index / 2] ?? '' });
      }
      return changes;
    });

test('edits applied one by one give the text that the changes gave', () => {
  const text = Array.from({ length: 400 }, (_, index) => String.fromCodePoint(0x4e00 + index)).join('');
  fc.assert(
    fc.property(changesOf(text.length), fc.boolean(), (changes, reversed) => {
      const newText = applyTogether(text, changes);
      const order = reversed ? changes.toReversed() : changes;
      const edits = toTextEdits(order, (start, end) => newText.slice(start, end));
      expect(applyEdits(text, edits)).toBe(newText);
    }),
    { numRuns: 25 },
  );
});
