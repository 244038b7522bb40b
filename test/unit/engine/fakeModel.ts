import type { ModelDescription } from '../../../server/src/core/model';
import type {
  EncoderBatch,
  EncoderOutput,
  Encoding,
  ModelRunner,
  Tokenizer,
  TokenPlace,
} from '../../../server/src/core/ports';

/** A model that the fakes below obey: labels and sentiment can be read off the ids. */
export const fakeDescription: ModelDescription = {
  id: 'fake',
  revision: '1',
  tasks: ['entities', 'sentiment', 'fillMask'],
  maxTokens: 12,
  hiddenSize: 2,
  vocabularySize: 20,
  padTokenId: 0,
  maskToken: '[MASK]',
  tokenLabels: ['O', 'B-PER', 'I-PER', 'B-LOC', 'I-LOC'],
  sentimentLabels: ['negative', 'positive'],
};

const vocabulary = [
  ...['[PAD]', '[UNK]', '[CLS]', '[SEP]', '[MASK]', 'Anna', 'Ber', '##lin', 'likes', 'hates', '.'],
  ...['in', '##na', 'Paris', '東', '京', '##s', 'is', 'the', 'city'],
];
const piece = /\[MASK\]|[A-Za-z]+|\S/gu;

/** WordPiece over a tiny vocabulary, longest match first; what is not in it is unknown. */
export class FakeTokenizer implements Tokenizer {
  readonly continuingSubwordPrefix = '##';
  readonly unknownTokenId = 1;
  readonly encoded: string[][] = [];

  async encode(texts: readonly string[]): Promise<readonly Encoding[]> {
    this.encoded.push([...texts]);
    return texts.map(encodeText);
  }

  tokenToId(token: string): number | undefined {
    const id = vocabulary.indexOf(token);
    return id === -1 ? undefined : id;
  }

  idToToken(id: number): string | undefined {
    return vocabulary[id];
  }

  async decode(ids: readonly number[]): Promise<string> {
    return ids.map((id) => vocabulary[id]).join(' ');
  }
}

function encodeText(text: string): Encoding {
  const tokens: { id: number; offset: [number, number]; word: number | null }[] = [
    { id: 2, offset: [0, 0], word: null },
  ];
  for (const [word, { 0: match, index }] of [...text.matchAll(piece)].entries()) {
    tokens.push(...toPieces(match, index).map((one) => ({ ...one, word })));
  }
  tokens.push({ id: 3, offset: [0, 0], word: null });
  return {
    ids: tokens.map(({ id }) => id),
    offsets: tokens.map(({ offset }) => offset),
    wordIds: tokens.map(({ word }) => word),
    specialTokensMask: tokens.map(({ word }) => (word === null ? 1 : 0)),
  };
}

function toPieces(word: string, index: number): { id: number; offset: [number, number] }[] {
  const pieces: { id: number; offset: [number, number] }[] = [];
  for (let at = 0; at < word.length; ) {
    const prefix = at === 0 ? '' : '##';
    let end = word.length;
    while (end > at && !vocabulary.includes(prefix + word.slice(at, end))) end--;
    if (end === at) return [{ id: 1, offset: [index, index + word.length] }];
    pieces.push({ id: vocabulary.indexOf(prefix + word.slice(at, end)), offset: [index + at, index + end] });
    at = end;
  }
  return pieces;
}

/** Label of each id, by the order of `fakeDescription.tokenLabels`. */
const labelOf: Readonly<Record<number, number>> = { 5: 1, 6: 3, 7: 4, 13: 3, 14: 3, 15: 4 };

/** Confident in the label that belongs to a token; sentiment by the count of "hates". */
export class FakeRunner implements ModelRunner {
  readonly batches: EncoderBatch[] = [];
  readonly maskRows: number[] = [];
  /** What a batch meets before it is run. */
  before: () => void = () => {};

  async run(batch: EncoderBatch): Promise<EncoderOutput> {
    this.before();
    this.batches.push(batch);
    const labels = fakeDescription.tokenLabels.length;
    const tokenLogits = new Float32Array(batch.rows * batch.columns * labels);
    const sequenceLogits = new Float32Array(batch.rows * 2);
    for (let row = 0; row < batch.rows; row++) {
      for (let column = 0; column < batch.columns; column++) {
        const at = row * batch.columns + column;
        const id = Number(batch.inputIds[at]);
        // Padding claims to be a person: whoever decodes it is found out.
        tokenLogits[at * labels + (batch.attentionMask[at] === 0n ? 1 : (labelOf[id] ?? 0))] = 4;
        if (id === 9) sequenceLogits[row * 2] = 3;
      }
    }
    return { tokenLogits, sequenceLogits };
  }

  /** Prefers the token that follows the one before the mask in the vocabulary. */
  async runMasks(batch: EncoderBatch, places: readonly TokenPlace[]): Promise<Float32Array> {
    this.batches.push(batch);
    this.maskRows.push(places.length);
    const logits = new Float32Array(places.length * fakeDescription.vocabularySize);
    for (const [i, { row, column }] of places.entries()) {
      const before = batch.inputIds[row * batch.columns + column - 1];
      logits[i * fakeDescription.vocabularySize + Number(before) + 1] = 5;
    }
    return logits;
  }
}
