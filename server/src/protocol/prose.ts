import { RequestType } from 'vscode-jsonrpc';
import type { VersionedTextDocumentIdentifier } from 'vscode-languageserver-protocol';
import type { Span } from '../core/text/span';
import type { SkipReason } from './protocol';

/* What of a document is read: for `Show Prose`. Spans are UTF-16 offsets. */

/**
 * `pending`: its result is not known yet. `ignored`: a comment in the text says that nothing is to be reported.
 * `leftOut`: it is in a language that no model in use knows.
 */
export type SentenceState = 'analyzed' | 'pending' | 'ignored' | 'leftOut';

export interface ProseSentence extends Span {
  readonly state: SentenceState;
  /** Its place in its paragraph, from 0 on: what tells it from its neighbours whatever part of a document is asked for. */
  readonly index: number;
  /** What no model sees of it, in order: mark-up, targets of links, code. */
  readonly gaps: readonly Span[];
}

export interface ProseParams {
  readonly textDocument: VersionedTextDocumentIdentifier;
  /** Where sentences are asked for. */
  readonly span: Span;
}

export interface ProseResult {
  /** Those that touch the span, in order; none in a document that is not analysed. */
  readonly sentences: readonly ProseSentence[];
  /** How many there are in the whole document. */
  readonly counts: Readonly<Record<SentenceState, number>>;
  /** Why nothing is analysed, if so. */
  readonly skipped?: SkipReason;
}

/** What of a document is prose; null where it is not open, or is of another version by now. */
export const ProseRequest = {
  method: 'subtext/prose',
  type: new RequestType<ProseParams, ProseResult | null, void>('subtext/prose'),
} as const;
