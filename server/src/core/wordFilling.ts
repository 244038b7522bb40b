import { type EngineParts, idsOf, planFor, type Steps, toBatch } from './engineParts';
import { masksPerRun } from './maskFilling';
import { EngineError, type WordOptions } from './ports';
import { decodeMask } from './tasks/fillMask';
import type { WordCandidate } from './tasks/results';
import { byProbability, extend, type Hypothesis, isComplete, prune } from './tasks/wordBeam';
import { maskSpan } from './tokenizer/encoding';
import { windowsAround } from './windows';
import { anyWord, listedWords, type WordChoices } from './wordChoices';

/** What stands around the mask, as ids of the window. */
interface Frame {
  readonly before: readonly number[];
  readonly after: readonly number[];
  readonly maskId: number;
}

/** Finds words of one or several pieces for a mask, in steps. See `InteractiveEngine.fillWords`. */
export async function* fillWordsSteps(
  parts: EngineParts,
  text: string,
  { mask, topK, words, prefix = '' }: WordOptions,
): Steps<readonly WordCandidate[]> {
  const { model, tokenizer } = parts;
  const [encoding] = await tokenizer.encode([text]);
  const maskId = tokenizer.tokenToId(model.maskToken);
  const position = encoding?.ids.flatMap((id, i) => (id === maskId ? [i] : []))[mask];
  if (!encoding || maskId === undefined || position === undefined)
    throw new EngineError(`The text holds no such mask token (${model.maskToken}).`);
  const { start } = maskSpan(text, encoding.offsets[position] ?? [0, 0], model.maskToken);
  const afterSpace = /\s$/u.test(text.slice(0, start));
  const choices = words
    ? await listedWords(parts, words, { afterSpace, prefix })
    : anyWord(parts, { topK, afterSpace, prefix });
  yield;

  const longest = Math.max(1, ...choices.lengths);
  const [around] = windowsAround(encoding, [position], model.maxTokens - (longest - 1));
  const ids = around ? idsOf(around.window, encoding) : [];
  const column = around?.window.tokens.indexOf(position) ?? 0;
  const frame = { before: ids.slice(0, column), after: ids.slice(column + 1), maskId };

  const found: Hypothesis[] = [];
  let open: readonly Hypothesis[] = choices.lengths.map((length) => ({
    length,
    pieces: [],
    logProbability: 0,
  }));
  while (open.length > 0) {
    const extended = yield* extendAll(parts, frame, open, choices);
    found.push(...extended.filter(isComplete));
    open = prune(
      extended.filter((hypothesis) => !isComplete(hypothesis)),
      choices.widthOf,
    );
  }
  const spelled = words ? found : await spelledAsUsual(parts, found, choices);
  return byProbability(spelled)
    .slice(0, topK)
    .map(({ pieces, length, logProbability }) => ({
      text: choices.textOf(pieces),
      score: Math.exp(logProbability),
      pieces: length,
    }));
}

/** Chooses the next piece of each hypothesis: the first that is still masked. */
async function* extendAll(
  parts: EngineParts,
  { before, after, maskId }: Frame,
  open: readonly Hypothesis[],
  choices: WordChoices,
): Steps<readonly Hypothesis[]> {
  const { model, runner } = parts;
  const extended: Hypothesis[] = [];
  const sequences = open.map(({ length, pieces }) => [
    ...before,
    ...pieces,
    ...new Array<number>(length - pieces.length).fill(maskId),
    ...after,
  ]);
  const batches = planFor(
    parts,
    sequences.map(({ length }) => length),
  ).flatMap((batch) => inParts(batch, masksPerRun));
  for (const batch of batches) {
    const chosen = batch.flatMap((i) => open[i] ?? []);
    const logits = await runner.runMasks(
      toBatch(
        parts,
        batch.map((i) => sequences[i] ?? []),
      ),
      chosen.map(({ pieces }, row) => ({ row, column: before.length + pieces.length })),
    );
    for (const [row, hypothesis] of chosen.entries()) {
      const { length, pieces } = hypothesis;
      const width = choices.widthOf(length);
      const wanted = choices.mayFollow(pieces, length);
      extended.push(...extend(hypothesis, decodeMask(logits, row, model.vocabularySize, width, wanted)));
    }
    yield;
  }
  return extended;
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
