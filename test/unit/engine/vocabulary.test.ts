import { describe, expect, test } from 'vitest';
import type { Tokenizer } from '../../../server/src/core/ports';
import { Vocabulary } from '../../../server/src/core/tokenizer/vocabulary';

/** A tokenizer of which only the vocabulary is asked. */
function vocabularyOf(tokens: readonly string[], continuingSubwordPrefix?: string) {
  const tokenizer: Tokenizer = {
    encode: async () => [],
    decode: async () => '',
    tokenToId: (token) => (tokens.includes(token) ? tokens.indexOf(token) : undefined),
    idToToken: (id) => tokens[id],
    continuingSubwordPrefix,
  };
  const vocabulary = new Vocabulary(tokenizer);
  const idsOf = (text: string) => text.split(' ').map((token) => tokens.indexOf(token));
  return {
    text: (text: string) => vocabulary.textOf(idsOf(text)),
    begins: (afterSpace: boolean) => tokens.filter((_, id) => vocabulary.begins(id, afterSpace)),
    follow: (token: string) => tokens.filter((_, id) => vocabulary.continues(tokens.indexOf(token), id)),
  };
}

describe('WordPiece', () => {
  const pieces = ['[MASK]', 'Ber', '##lin', '.', '東', '京', '##京', '[unused1]', 'カ', "##'"];
  const { text, begins, follow } = vocabularyOf(pieces, '##');
  test('words begin with pieces that are not marked', () => {
    expect(begins(true)).toEqual(['Ber', '.', '東', '京', 'カ']);
    expect(begins(false)).toEqual(begins(true));
  });
  test('marked pieces go on with words, and characters of unspaced scripts follow each other', () => {
    expect(follow('Ber')).toEqual(['##lin']);
    expect(follow('東')).toEqual(['東', '京', 'カ']);
    expect(follow('.')).toEqual([]);
  });
  test('are written without marks', () => {
    expect([text('Ber ##lin'), text('東 京')]).toEqual(['Berlin', '東京']);
  });
});

describe('byte-level BPE', () => {
  const { text, begins, follow } = vocabularyOf([
    '<mask>',
    'Ġ',
    'ĠBer',
    'lin',
    '.',
    'ĠcafÃ©',
    'Ã',
    'æĿ±',
    'äº¬',
  ]);
  test('words begin with marked pieces behind a space', () => {
    expect(begins(true)).toEqual(['ĠBer', '.', 'ĠcafÃ©', 'Ã', 'æĿ±', 'äº¬']);
    expect(begins(false)).toEqual(['ĠBer', 'lin', '.', 'ĠcafÃ©', 'Ã', 'æĿ±', 'äº¬']);
  });
  test('unmarked pieces go on with words', () => {
    expect(follow('ĠBer')).toEqual(['lin']);
    expect(follow('æĿ±')).toEqual(['æĿ±', 'äº¬']);
  });
  test('are bytes of UTF-8', () => {
    expect([text('ĠBer lin'), text('ĠcafÃ©'), text('æĿ± äº¬'), text('Ã')]).toEqual([
      'Berlin',
      'café',
      '東京',
      '\ufffd',
    ]);
  });
});

describe('Unigram', () => {
  const { text, begins, follow } = vocabularyOf(['<mask>', '▁', '▁Ber', 'lin', '.', '▁東', '京']);
  test('words begin with marked pieces behind a space', () => {
    expect(begins(true)).toEqual(['▁Ber', '.', '▁東', '京']);
  });
  test('unmarked pieces go on with words', () => {
    expect(follow('▁Ber')).toEqual(['lin']);
    expect(follow('▁東')).toEqual(['京']);
  });
  test('are written without marks', () => {
    expect([text('▁Ber lin'), text('▁東 京')]).toEqual(['Berlin', '東京']);
  });
});
