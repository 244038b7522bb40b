import { expect, test } from 'vitest';
import { SentenceLanguages } from '../../../server/src/core/language/sentenceLanguages';
import { type GuessByWords, loadGuessByWords } from '../../../server/src/core/language/wordGuess';
import { createExtractor } from '../../../server/src/core/text/extractors';
import { finish } from '../text/support';

const guess = await loadGuessByWords();

/** Sentences with their languages. */
function recognize(text: string, by: GuessByWords = guess) {
  const languages = new SentenceLanguages(by);
  return finish(createExtractor('markdown'), text).map(({ block }) =>
    block.sentences.map((sentence) => [sentence.text, languages.of(sentence, block)]),
  );
}

test('each sentence of a mixed document has its own language', () => {
  const text = [
    'We met in the morning to talk about the harvest. Nous avons parlé de la récolte pendant toute la matinée.',
    '今朝は収穫について話し合った。我们今天早上讨论了今年的收成。',
  ].join('\n\n');
  expect(recognize(text)).toEqual([
    [
      ['We met in the morning to talk about the harvest.', 'en'],
      ['Nous avons parlé de la récolte pendant toute la matinée.', 'fr'],
    ],
    [
      ['今朝は収穫について話し合った。', 'ja'],
      ['我们今天早上讨论了今年的收成。', 'zh'],
    ],
  ]);
});

test('what says too little follows its block, and stays open where that says too little, too', () => {
  const text = '# Johdanto\n\nKyllä. Valiokunta päätti siirtää äänestyksen viikon loppuun. Ada Lovelace 🎉.';
  expect(recognize(text)).toEqual([
    [['Johdanto', undefined]],
    [
      ['Kyllä.', 'fi'],
      ['Valiokunta päätti siirtää äänestyksen viikon loppuun.', 'fi'],
      ['Ada Lovelace 🎉.', 'fi'],
    ],
  ]);
});

test('a sentence and a block are looked at once', () => {
  const seen: string[] = [];
  const languages = new SentenceLanguages((text) => {
    seen.push(text);
    return undefined;
  });
  const blocks = finish(createExtractor('plaintext'), 'There are some words here which nobody knows. Yes.');
  for (const { block } of [...blocks, ...blocks])
    for (const sentence of block.sentences) languages.of(sentence, block);
  expect(seen).toEqual(['are some words here which nobody knows', 'are some words here which nobody knows']);
});
