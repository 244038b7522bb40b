/*
 * What a Hub, or whoever answers in its place, may send. All limits are far above what there is, and below what
 * would hurt.
 */

/** Of a model's `config.json` and other JSON files: those with thousands of labels or added tokens take one or two MB. */
export const mostJsonBytes = 10e6;
/** Of what it says of a repository, and of a page of files: a thousand of them take 300 kB. */
export const mostAnswerBytes = 10e6;
/** Of a list of files, of which a model has some dozens. */
export const mostPages = 100;
export const mostFiles = 50_000;
/** The largest file that the Hub takes has half a terabyte. */
export const mostFileBytes = 1e12;
export const mostPathCharacters = 1_000;
/** Of a licence, or of a language. */
export const mostNameCharacters = 200;
export const mostLanguages = 1_000;

export interface HubTimeouts {
  /** Without a byte for so long, a connection counts as broken, whatever is read. */
  readonly silenceMs: number;
  /** All of what is read as a whole, which is small, has to be there. */
  readonly answerMs: number;
}

export const hubTimeouts: HubTimeouts = { silenceMs: 60_000, answerMs: 60_000 };
