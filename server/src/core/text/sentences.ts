import { findScript } from '../language/scripts';
import {
  endsWithLeadingPhrase,
  isInnerAbbreviation,
  isLeadingAbbreviation,
  isNumberAbbreviation,
  isOrdinalDeterminer,
  isOrdinalNoun,
  isSentenceStarter,
} from './abbreviations';
import { isBlankAt, skipBlanks, trimEnd } from './blanks';
import type { Span } from './span';

/** How far a decision looks back and ahead, in characters; no abbreviation is longer. */
const contextLength = 48;

/**
 * Cuts a text into sentences. The blanks around a sentence are outside of it; nothing else is.
 *
 * Unicode's rules (UAX #29) propose the boundaries and these rules take some back, where "next" is what follows:
 * 1. A closing quote or bracket that got separated from its sentence, as in French « … », goes back to it.
 * 2. `!` or `?` with a closing quote ends nothing where next is a small letter: “Stop!” he said.
 * 3. A full stop ends nothing
 *    - behind a number or a letter that is all of the sentence so far: it is the mark of a list;
 *    - behind an ordinal: "3." before a month or a noun that is usually counted, or behind a German article;
 *    - behind an abbreviation that announces something (Dr., e.g., z. B.);
 *    - behind an abbreviation like No. and p., where next is a number;
 *    - behind any other abbreviation, an initial (J. R. R.) or dotted letters (U.S.), unless next is a word that
 *      typically begins a sentence (The, Er, Elle …).
 * 4. An opening quote or bracket right behind a stop, as in Chinese 。“, belongs to what it opens.
 * 5. A Japanese quote ends nothing before the と that says who spoke.
 * And two rules add boundaries: “…” and the number of a note (.[1]) before a capital letter end a sentence, and
 * so does a full stop between a long word or number and a number. In Greek texts `;` is a question mark.
 *
 * The rules know all their languages at once: a document may mix them, and a segmenter of the language at hand would
 * cut nothing else but Greek questions differently.
 */
export function segmentSentences(text: string): Span[] {
  const segmenter = hasGreekQuestion(text) ? greekSegmenter : defaultSegmenter;
  if (segmenter === defaultSegmenter && !mayHaveBoundary(text)) {
    const whole = trim(text, 0, text.length);
    return whole.start < whole.end ? [whole] : [];
  }
  const sentences: Span[] = [];
  let start = 0;
  for (const proposed of proposedBoundaries(text, segmenter)) {
    if (proposed <= start) continue;
    const boundary = beforeOpening(text, start, behindClosing(text, proposed));
    if (boundary < text.length && !endsSentence(text, start, boundary)) continue;
    const sentence = trim(text, start, boundary);
    if (sentence.start < sentence.end) sentences.push(sentence);
    start = boundary;
  }
  return sentences;
}

/** Sees most headings, list items and table cells without the segmenter, which takes microseconds to start. */
function mayHaveBoundary(text: string): boolean {
  const terminator = text.search(/[\p{Sentence_Terminal}\u2024…\n\r\u0085\u2028\u2029]/u);
  return terminator >= 0 && !/^[.!?。！？]+["'”’»」』)]*$/.test(text.slice(terminator).trimEnd());
}

// Making one costs more than segmenting a paragraph.
const defaultSegmenter = new Intl.Segmenter('en', { granularity: 'sentence' });
const greekSegmenter = new Intl.Segmenter('el', { granularity: 'sentence' });

const hasGreekQuestion = (text: string): boolean =>
  /\p{Script=Greek}\p{M}*[;\u037e]/u.test(text) && findScript(text).language === 'el';

/** The segmenter takes time in proportion to its whole text for each boundary, so it gets stretches of this length. */
const stretchLength = 2_000;

/** What it may have to see behind a boundary: it looks for the next letter. */
const lookahead = 200;

function proposedBoundaries(text: string, segmenter: Intl.Segmenter): number[] {
  const boundaries: number[] = [];
  let start = 0;
  for (let length = stretchLength; ; ) {
    const isLast = start + length >= text.length;
    const lastBoundary = isLast ? text.length : start + length - lookahead;
    const found = boundaries.length;
    for (const { index, segment } of segmenter.segment(text.slice(start, start + length))) {
      const boundary = start + index + segment.length;
      if (boundary > lastBoundary) break;
      boundaries.push(boundary);
    }
    if (isLast) break;
    if (boundaries.length === found) {
      length *= 2;
      continue;
    }
    // What follows a boundary does not depend on what was before it.
    start = boundaries.at(-1) as number;
    length = stretchLength;
  }
  if (!/…|\]\s|\.\s+\p{N}/u.test(text)) return boundaries;
  for (const match of text.matchAll(addedBoundary)) boundaries.push(match.index + match[0].length);
  return boundaries.sort((a, b) => a - b);
}

/** What Unicode's rules do not see, to be judged like what they propose. */
const addedBoundary =
  /(?:…[)\]}»”’"']?|[.!?](?:\[[^[\]\s]{1,12}\])+)\s+(?=["“«¿¡„'‘([]?\p{Lu})|(?<=\p{L}{5}|\p{N}{4})\.\s+(?=\p{N})/gu;

function trim(text: string, from: number, to: number): Span {
  const start = skipBlanks(text, from, to);
  return { start, end: trimEnd(text, start, to) };
}

/** The boundary moved behind closing quotes and brackets that follow it, and the blanks behind them. */
function behindClosing(text: string, boundary: number): number {
  if (isLineEnd(text[boundary - 1])) return boundary;
  const next = text.slice(boundary, boundary + contextLength);
  const closing = /^(?:[)\]}」』】〉》»”’"']+(?=[\s,;:—–]|$)|[)\]}」』】〉》]+)[^\S\n\r\u2028\u2029]*/u.exec(
    next,
  );
  return closing ? boundary + closing[0].length : boundary;
}

/** The boundary moved before the quotes, brackets and marks of direction that open right before it. */
function beforeOpening(text: string, start: number, boundary: number): number {
  if (boundary === text.length) return boundary;
  let before = boundary;
  while (before > start && /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/.test(text[before - 1] as string))
    before--;
  // A mark right behind the stop closes the sentence.
  if (before < boundary && (before === start || !isBlankAt(text, before - 1))) return boundary;
  while (before > start && /[“‘„«「『（《〈【〔({]/.test(text[before - 1] as string)) before--;
  return before > start ? before : boundary;
}

const isLineEnd = (character: string | undefined): boolean =>
  character !== undefined && /[\n\r\u0085\u2028\u2029]/.test(character);

function endsSentence(text: string, start: number, boundary: number): boolean {
  if (isLineEnd(text[boundary - 1])) return true;
  const before = text.slice(Math.max(start, boundary - contextLength), boundary);
  const [ending, terminator, closing] = /([.!?…])\s*([)\]}»”’"']*)\s*$/u.exec(before) ?? [];
  const next = text.slice(boundary, boundary + contextLength);
  if (ending === undefined)
    return !before.endsWith('[') && !(/[」』]$/.test(before) && /^(?:と|って)/.test(next));
  if (closing !== '') return !/^\p{Ll}/u.test(next);
  if (terminator !== '.') return true;
  const isWhole = boundary - start <= contextLength;
  return stopEndsSentence(before.slice(0, -ending.length), isWhole, next);
}

/**
 * @param before what stands before the full stop, at most {@link contextLength}.
 * @param isWhole whether `before` reaches back to the start of the sentence.
 */
function stopEndsSentence(before: string, isWhole: boolean, next: string): boolean {
  if (isWhole && /^\s*["'“„‘«(]*(?:\p{N}{1,3}|[\p{Lu}\p{Ll}])$/u.test(before)) return false;
  const token = lastToken(before);
  const [, nextWord = '', nextStop = ''] = /^["'“„‘«(¿¡]*([\p{L}\p{M}]+)(\.?)/u.exec(next) ?? [];

  if (/^(?:\p{N}{1,3}|[IVXLC]{2,})$/u.test(token)) {
    // A number behind it makes it a date: 3. 10. 2024.
    if (isOrdinalNoun(nextWord) || /^\p{N}/u.test(next)) return false;
    const previous = lastToken(before.slice(0, -token.length).trimEnd());
    return !(isOrdinalDeterminer(previous) && nextWord !== '') || isSentenceStarter(nextWord, false);
  }
  if (isLeadingAbbreviation(token) || endsWithLeadingPhrase(before)) return false;
  if (isNumberAbbreviation(token) && /^\p{N}/u.test(next)) return false;
  const isInitial = /^(?:[\p{Lu}\p{Lt}\p{Ll}]|\p{Script=Arabic}|\p{Script=Hebrew})$/u.test(token);
  const isDotted = /^(?:(?:\p{L}\p{M}*\.)+\p{L}{1,2}|(\p{Lu})\1)$/u.test(token);
  if (!isInitial && !isDotted && !isInnerAbbreviation(token)) return true;
  return nextStop === '' && isSentenceStarter(nextWord, isInitial);
}

/** What stands behind the last blank, quote, bracket, dash or slash. */
function lastToken(text: string): string {
  let start = text.length;
  while (start > 0 && !/[\s"'“”„‘’«»()[\]{}—–/]/.test(text[start - 1] as string)) start--;
  return text.slice(start);
}
