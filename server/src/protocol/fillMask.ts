import { RequestType } from 'vscode-jsonrpc';
import type { Range, VersionedTextDocumentIdentifier } from 'vscode-languageserver-protocol';

/** More masks than that are not filled together: each one more adds to the time, and to what is guessed. */
export const mostMasksTogether = 4;

/** Names of the gazetteer that are looked at. To cut more of them into pieces takes longer than one likes to wait. */
export const mostListedNames = 10_000;

export interface FillMaskParams {
  readonly textDocument: VersionedTextDocumentIdentifier;
  /**
   * A mask token, a selection or a place in a word. Empty: the mask token there, else the word there.
   * Not empty: exactly this text is masked, unless it holds several mask tokens, which are filled together then.
   */
  readonly range: Range;
  /** All mask tokens of the sentence are filled together, wherever in it the range is. */
  readonly together?: boolean;
  /** Only names of the workspace's gazetteer, whatever `subtext.fillMask.words` says. */
  readonly onlyGazetteer?: boolean;
}

export interface FillMaskCandidate {
  /** What to put into `ranges`, one each. */
  readonly texts: readonly string[];
  /** Probability 0…1 as docs/fillMask.md defines it. */
  readonly score: number;
}

/**
 * What people are shown of a candidate's score: that of several words is the product of theirs, so it is their
 * geometric mean that can be compared with the score of one word.
 */
export const shownScore = ({ texts, score }: FillMaskCandidate): number => score ** (1 / texts.length);

export interface FillMaskResult {
  /** The document version the ranges belong to. */
  readonly version: number;
  /** What a candidate replaces: the mask tokens, the selection or the word. In order. */
  readonly ranges: readonly Range[];
  /** Best first. */
  readonly candidates: readonly FillMaskCandidate[];
  /** How many mask tokens of the sentence could be filled together instead of this one; absent where none. */
  readonly together?: number;
  /** How many names the gazetteer has; absent where none. Its patterns do not count. */
  readonly gazetteer?: number;
  /** Names that were not looked at, of those that begin as was typed: `mostListedNames` were. */
  readonly leftOut?: number;
}

/**
 * Words that could stand at a place or at several. Fails with `RequestFailed` and a message for the user where there is
 * nothing to fill (no prose there, no word, too many masks, a document that changed meanwhile).
 */
export const FillMaskRequest = {
  method: 'subtext/fillMask',
  type: new RequestType<FillMaskParams, FillMaskResult, void>('subtext/fillMask'),
} as const;

/** What `subtext/fillMask` would replace at a place; null where there is nothing to fill. */
export const FillMaskTargetRequest = {
  method: 'subtext/fillMaskTarget',
  type: new RequestType<Pick<FillMaskParams, 'textDocument' | 'range'>, Range | null, void>(
    'subtext/fillMaskTarget',
  ),
} as const;
