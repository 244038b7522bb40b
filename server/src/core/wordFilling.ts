import { type EngineParts, idsOf, planFor, type Steps, toBatch } from './engineParts';
import { masksPerRun } from './maskFilling';
import { EngineError, type WordOptions } from './ports';
import { decodeMask } from './tasks/fillMask';
import type { WordCandidate } from './tasks/results';
import {
  byProbability,
  extend,
  type Filling,
  type Hypothesis,
  isComplete,
  prune,
  withWord,
} from './tasks/wordBeam';
import { maskSpan } from './tokenizer/encoding';
import { windowsAround } from './windows';
import { anyWord, listedWords, type WordChoices } from './wordChoices';

/** Fillings of the masks before that are gone on with at the next mask. */
const fillingsKept = 10;

/** What the model is to see, and where the masks that are to be filled stand in it. */
interface Frame {
  readonly ids: readonly number[];
  readonly columns: readonly number[];
  readonly maskId: number;
}

/** Finds words of one or several pieces for masks, in steps. See `InteractiveEngine.fillWords`. */
export async function* fillWordsSteps(
  parts: EngineParts,
  text: string,
  { masks, topK, words }: WordOptions,
): Steps<readonly WordCandidate[]> {
  const { model, tokenizer } = parts;
  const [encoding] = await tokenizer.encode([text]);
  const maskId = tokenizer.tokenToId(model.maskToken);
  const all = encoding?.ids.flatMap((id, i) => (id === maskId ? [i] : [])) ?? [];
  const positions = masks.flatMap(({ index }) => all[index] ?? []);
  if (!encoding || maskId === undefined || positions.length < masks.length)
    throw new EngineError(`The text holds no such mask token (${model.maskToken}).`);
  const widths = masks.map((_, i) => (i === masks.length - 1 ? topK : fillingsKept));
  const choices: WordChoices[] = [];
  for (const [i, { prefix = '' }] of masks.entries()) {
    const { start } = maskSpan(text, encoding.offsets[positions[i] ?? 0] ?? [0, 0], model.maskToken);
    const place = { afterSpace: /\s$/u.test(text.slice(0, start)), prefix };
    choices.push(
      words ? await listedWords(parts, words, place) : anyWord(parts, { ...place, topK: widths[i] ?? topK }),
    );
  }
  yield;

  const morePieces = choices.reduce((sum, { lengths }) => sum + Math.max(1, ...lengths) - 1, 0);
  const [around, ...others] = windowsAround(encoding, positions, model.maxTokens - morePieces);
  if (!around || others.length > 0)
    throw new EngineError('The masks stand too far apart to be filled together.');
  const frame: Frame = {
    ids: idsOf(around.window, encoding),
    columns: positions.map((position) => around.window.tokens.indexOf(position)),
    maskId,
  };
  let fillings: readonly Filling[] = [{ words: [], logProbability: 0 }];
  for (const [i, choice] of choices.entries()) {
    const found = yield* fillNext(parts, frame, fillings, choice);
    fillings = found.slice(0, widths[i]).map(withWord);
  }
  return fillings.map(({ words: found, logProbability }) => ({
    texts: found.map((pieces, i) => choices[i]?.textOf(pieces) ?? ''),
    score: Math.exp(logProbability),
    pieces: found.flat().length,
  }));
}

/** Looks for words for the next mask of each filling. @returns the most probable first. */
async function* fillNext(
  parts: EngineParts,
  frame: Frame,
  fillings: readonly Filling[],
  choices: WordChoices,
): Steps<readonly Hypothesis[]> {
  const found: Hypothesis[] = [];
  let open: readonly Hypothesis[] = fillings.flatMap((filling) =>
    choices.lengths.map((length) => ({
      filling,
      length,
      pieces: [],
      logProbability: filling.logProbability,
    })),
  );
  while (open.length > 0) {
    const extended = yield* extendAll(parts, frame, open, choices);
    found.push(...extended.filter(isComplete));
    open = prune(
      extended.filter((hypothesis) => !isComplete(hypothesis)),
      choices.widthOf,
    );
  }
  return byProbability(choices.areListed ? found : await spelledAsUsual(parts, found, choices));
}

/** Chooses the next piece of each hypothesis: the first of its word that is still masked. */
async function* extendAll(
  parts: EngineParts,
  frame: Frame,
  open: readonly Hypothesis[],
  choices: WordChoices,
): Steps<readonly Hypothesis[]> {
  const { model, runner } = parts;
  const extended: Hypothesis[] = [];
  const sequences = open.map((hypothesis) => toSequence(frame, hypothesis));
  const batches = planFor(
    parts,
    sequences.map(({ ids }) => ids.length),
  ).flatMap((batch) => inParts(batch, masksPerRun));
  for (const batch of batches) {
    const chosen = batch.flatMap((i) => sequences[i] ?? []);
    const logits = await runner.runMasks(
      toBatch(
        parts,
        chosen.map(({ ids }) => ids),
      ),
      chosen.map(({ column }, row) => ({ row, column })),
    );
    for (const [row, i] of batch.entries()) {
      const hypothesis = open[i] as Hypothesis;
      const width = choices.widthOf(hypothesis.length);
      const wanted = choices.mayFollow(hypothesis.pieces, hypothesis.length);
      extended.push(...extend(hypothesis, decodeMask(logits, row, model.vocabularySize, width, wanted)));
    }
    yield;
  }
  return extended;
}

/** What the model sees of a hypothesis, and the column of the piece that comes next. */
function toSequence(
  { ids, columns, maskId }: Frame,
  { filling, length, pieces }: Hypothesis,
): { readonly ids: readonly number[]; readonly column: number } {
  const before: number[] = [];
  let next = 0;
  for (const [i, word] of filling.words.entries()) {
    before.push(...ids.slice(next, columns[i]), ...word);
    next = (columns[i] ?? 0) + 1;
  }
  const place = columns[filling.words.length] ?? 0;
  before.push(...ids.slice(next, place), ...pieces);
  const masked = new Array<number>(length - pieces.length).fill(maskId);
  return { ids: [...before, ...masked, ...ids.slice(place + 1)], column: before.length };
}

/**
 * Leaves out words that the tokenizer would cut in another way: the model has never seen them so, and it has a
 * shorter hypothesis for the same word.
 */
async function spelledAsUsual(
  { tokenizer }: EngineParts,
  hypotheses: readonly Hypothesis[],
  choices: WordChoices,
): Promise<readonly Hypothesis[]> {
  const several = hypotheses.filter(({ length }) => length > 1);
  const texts = several.map(({ pieces }) => choices.textOf(pieces));
  // Some vocabularies have another piece for the beginning of a word behind a space.
  const encodings = await tokenizer.encode([...texts, ...texts.map((text) => ` ${text}`)]);
  const usual = new Set(
    encodings.map(({ ids, specialTokensMask }) => ids.filter((_, i) => specialTokensMask[i] === 0).join()),
  );
  return hypotheses.filter(({ length, pieces }) => length === 1 || usual.has(pieces.join()));
}

function inParts<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let first = 0; first < items.length; first += size) parts.push(items.slice(first, first + size));
  return parts;
}
