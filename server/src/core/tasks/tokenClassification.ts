import { codePointLength } from '../tokenizer/encoding';
import type { AggregationStrategy, Mention, RankedLabel } from './results';
import { argmax, softmax } from './softmax';

/** What the decoder knows of one token of a window, special tokens included. */
export interface ClassifiedToken {
  /** UTF-16 offsets in the analysed text. */
  readonly start: number;
  readonly end: number;
  /** Skipped: tokens of the model's template, and for `auto` spaces alone, which would cut a name in two. */
  readonly special: boolean;
  /** Goes on with the word of the token before; only the word strategies ask. */
  readonly continuesWord: boolean;
}

/** A token, or a word of several, with one label. */
interface Labelled {
  readonly label: string;
  readonly score: number;
  readonly start: number;
  readonly end: number;
}

interface ScoredToken {
  readonly token: ClassifiedToken;
  readonly scores: Float64Array;
}

/** The label of what is no entity. It takes part in grouping, and is dropped only afterwards. */
const outside = 'O';

/**
 * Turns the logits of one window into mentions, as Hugging Face's token classification pipeline does
 * (`aggregation_strategy`), to the span. Labels with prefixes that the pipeline does not know are read as BIOES or
 * BILOU: E or L closes a mention, and S or U stands alone.
 *
 * @param logits `[tokens, labels]`, row-major; may be longer than the tokens (padding).
 * @param labels in the order of the logits, with their prefixes.
 */
export function decodeMentions(
  tokens: readonly ClassifiedToken[],
  logits: Float32Array,
  labels: readonly string[],
  strategy: AggregationStrategy,
): readonly Mention[] {
  const scored = tokens
    .map((token, i) => ({ token, scores: softmax(logits, i * labels.length, labels.length) }))
    .filter(({ token }) => !token.special);
  const labelled =
    strategy === 'none' || strategy === 'simple'
      ? scored.map((token) => toLabelled([token], token.scores, labels))
      : toWords(scored).map((word) => labelWord(word, labels, strategy));
  const groups =
    strategy === 'none' ? labelled.map((one) => [one]) : groupMentions(labelled, usesBioes(labels));
  return groups.map(toMention).filter(({ type }) => type !== outside);
}

/**
 * The most probable labels of one token.
 *
 * @param offset of its logits.
 * @returns best first, at most `count`; equal ones in the order of `labels`.
 */
export function rankLabels(
  logits: Float32Array,
  offset: number,
  labels: readonly string[],
  count: number,
): readonly RankedLabel[] {
  const scores = softmax(logits, offset, labels.length);
  return labels
    .map((label, i) => ({ label, score: scores[i] ?? 0 }))
    .sort((a, b) => b.score - a.score)
    .slice(0, count);
}

/**
 * Joins the mentions of overlapping windows of one text: of those that overlap the longer one stays, of equally
 * long ones that with the higher score. Lengths are those of the pipeline, in code points.
 *
 * @param text what the mentions' spans are relative to.
 * @returns in order of their start.
 */
export function mergeWindowMentions(
  windows: readonly (readonly Mention[])[],
  text: string,
): readonly Mention[] {
  if (windows.length === 1) return windows[0] ?? [];
  const [first, ...rest] = windows.flat().sort((a, b) => a.start - b.start);
  if (!first) return [];
  const merged: Mention[] = [];
  let previous = first;
  for (const mention of rest) {
    if (mention.start < previous.end) {
      const gain = lengthOf(mention, text) - lengthOf(previous, text);
      if (gain > 0 || (gain === 0 && mention.score > previous.score)) previous = mention;
    } else {
      merged.push(previous);
      previous = mention;
    }
  }
  merged.push(previous);
  return merged;
}

const lengthOf = ({ start, end }: Mention, text: string): number => codePointLength(text.slice(start, end));

function toWords(tokens: readonly ScoredToken[]): readonly (readonly ScoredToken[])[] {
  const words: ScoredToken[][] = [];
  for (const token of tokens) {
    const word = words.at(-1);
    if (word && token.token.continuesWord) word.push(token);
    else words.push([token]);
  }
  return words;
}

function labelWord(
  word: readonly ScoredToken[],
  labels: readonly string[],
  strategy: 'first' | 'average' | 'max',
): Labelled {
  switch (strategy) {
    case 'first':
      return toLabelled(word, word[0]?.scores ?? new Float64Array(), labels);
    case 'max': {
      const peaks = word.map(({ scores }) => scores[argmax(scores)] ?? 0);
      return toLabelled(word, word[argmax(peaks)]?.scores ?? new Float64Array(), labels);
    }
    case 'average': {
      const sums = new Float64Array(labels.length);
      for (const { scores } of word)
        for (const [i, score] of scores.entries()) sums[i] = (sums[i] ?? 0) + score;
      return toLabelled(
        word,
        sums.map((sum) => sum / word.length),
        labels,
      );
    }
  }
}

function toLabelled(word: readonly ScoredToken[], scores: Float64Array, labels: readonly string[]): Labelled {
  const best = argmax(scores);
  return {
    label: labels[best] ?? outside,
    score: scores[best] ?? 0,
    start: word[0]?.token.start ?? 0,
    end: word.at(-1)?.token.end ?? 0,
  };
}

const usesBioes = (labels: readonly string[]): boolean => labels.some((label) => /^[ESLU]-/.test(label));

/**
 * Prefix and entity type of a label. What has no known prefix counts as the inside of a type of its own, so a
 * run of it is one group.
 */
function splitLabel(label: string, bioes: boolean): readonly [prefix: string, type: string] {
  return (bioes ? /^[BIESLU]-/ : /^[BI]-/).test(label) ? [label.slice(0, 1), label.slice(2)] : ['I', label];
}

function groupMentions(entries: readonly Labelled[], bioes: boolean): readonly (readonly Labelled[])[] {
  const groups: Labelled[][] = [];
  for (const entry of entries) {
    const group = groups.at(-1);
    const last = group?.at(-1);
    const [prefix, type] = splitLabel(entry.label, bioes);
    const [lastPrefix, lastType] = last ? splitLabel(last.label, bioes) : [undefined, undefined];
    const opens = /[BSU]/.test(prefix) || /[ESLU]/.test(lastPrefix ?? '');
    if (group && type === lastType && !opens) group.push(entry);
    else groups.push([entry]);
  }
  return groups;
}

function toMention(group: readonly Labelled[]): Mention {
  const label = group[0]?.label ?? outside;
  return {
    // The pipeline names a group by what follows the first hyphen of its label, whatever stands before.
    type: label.slice(label.indexOf('-') + 1),
    score: group.reduce((sum, { score }) => sum + score, 0) / group.length,
    start: group[0]?.start ?? 0,
    end: group.at(-1)?.end ?? 0,
  };
}
