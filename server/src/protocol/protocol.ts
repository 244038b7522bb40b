import { NotificationType, RequestType, RequestType0 } from 'vscode-jsonrpc';
import type { Position, Range, TextDocumentIdentifier } from 'vscode-languageserver-protocol';
import type { ModelTask } from '../core/model';
import type { RankedLabel, TokenInspection } from '../core/tasks/results';
import type { Span } from '../core/text/span';

/*
 * What Subtext says beyond LSP. Spans are UTF-16 offsets into the document of the version named beside them:
 * unlike line and column they can be carried through later edits without the older text.
 */

// Server → client

/** A named entity in the document. */
export interface EntityMark extends Span {
  /** Entity type, for instance `PER`. */
  readonly type: string;
  /** 0…1 */
  readonly score: number;
  /** It is an entry of the project's own gazetteer, not a finding of the model. */
  readonly isListed?: true;
}

/** All entities of one stretch of the document: what stood there before is replaced. */
export interface EntityRegion extends Span {
  readonly entities: readonly EntityMark[];
}

export interface EntitiesParams {
  readonly uri: string;
  readonly version: number;
  /** In order, not overlapping. What lies outside of them stays as it was. */
  readonly regions: readonly EntityRegion[];
}

/** Sent whenever entities of a part of a document became known or changed. */
export const EntitiesNotification = {
  method: 'subtext/entities',
  type: new NotificationType<EntitiesParams>('subtext/entities'),
} as const;

/** Why a document is not analysed. */
export type SkipReason = 'disabled' | 'ignored' | 'tooLarge' | 'binary' | 'unsupportedLanguage';

/** What a document waits for: to be saved, or the request that analyses it. */
export type AwaitedEvent = 'save' | 'request';

export interface DocumentStateParams {
  readonly uri: string;
  readonly version: number;
  /** How many of them are in languages that no model in use knows, by ISO 639-1 code: these were left out. */
  readonly leftOut?: Readonly<Record<string, number>>;
  /** `waiting`: not everything is known, and by the setting `subtext.run` nothing is done about it for now. */
  readonly status: 'analyzing' | 'complete' | 'waiting' | 'skipped';
  /** Sentences of which the result is known, out of `total`. */
  readonly analyzed: number;
  readonly total: number;
  /** For `skipped`. */
  readonly reason?: SkipReason;
  /** For `waiting`. */
  readonly awaits?: AwaitedEvent;
  /** Where the setting `subtext.diagnostics.maximum` held some back: how many were pushed, and how many there are. */
  readonly diagnostics?: { readonly shown: number; readonly found: number };
}

/** How far the analysis of one document is. `complete` is sent after the last entities of that version. */
export const DocumentStateNotification = {
  method: 'subtext/documentState',
  type: new NotificationType<DocumentStateParams>('subtext/documentState'),
} as const;

export interface EngineStateParams {
  /** `idle`: not loaded, since nobody has needed it yet or for a while. */
  readonly status: 'starting' | 'ready' | 'restarting' | 'failed' | 'idle';
  /** Id of the model. There is one process, and one state, a model in use. */
  readonly model: string;
  /** What it is used for in some open document. Empty: it is used no more, and this is the last word about it. */
  readonly tasks: readonly ModelTask[];
  /** The execution provider: `cpu`, `webgpu`, … Known once ready. */
  readonly device?: string;
  /** Recent mean inference time a sentence, in milliseconds. */
  readonly millisecondsPerSentence?: number;
  /**
   * For `restarting` and `failed`: what happened and what to do. For `ready`: why it runs on another device than the
   * one that was asked for. For a person; never document text.
   */
  readonly message?: string;
}

/** The state of the inference process of one model. */
export const EngineStateNotification = {
  method: 'subtext/engineState',
  type: new NotificationType<EngineStateParams>('subtext/engineState'),
} as const;

// Client → server

export interface ViewParams {
  readonly uri: string;
  readonly version: number;
  /** Whether this is the active editor. */
  readonly active: boolean;
  readonly visible: readonly Span[];
  /** The primary cursor. */
  readonly cursor?: number;
}

/** What the user looks at, so that it is analysed first. Sent when an editor is shown, scrolled or left. */
export const ViewNotification = {
  method: 'subtext/view',
  type: new NotificationType<ViewParams>('subtext/view'),
} as const;

export interface InspectTokensParams {
  readonly textDocument: TextDocumentIdentifier;
  readonly position: Position;
}

/** What one model makes of the sentence. */
export interface ModelInspection extends Omit<TokenInspection, 'sentiment'> {
  /** Id of the model. */
  readonly model: string;
  /** What it is used for. */
  readonly tasks: readonly ModelTask[];
  /** In the order of the model's labels; empty where it does not judge sentiment. */
  readonly sentiment: readonly RankedLabel[];
}

export interface InspectTokensResult {
  /** As the models read it: without markup, line breaks as spaces. Spans of tokens are relative to it. */
  readonly sentence: string;
  /** One a model in use. */
  readonly models: readonly ModelInspection[];
}

/**
 * What the models see in the sentence at a place. Fails with `RequestFailed` and a message for the user where there
 * is no sentence.
 */
export const InspectTokensRequest = {
  method: 'subtext/inspectTokens',
  type: new RequestType<InspectTokensParams, InspectTokensResult, void>('subtext/inspectTokens'),
} as const;

export interface AnalyzeDocumentResult {
  readonly version: number;
  readonly sentences: number;
  /** Count of mentions a type, thresholds applied. */
  readonly entities: Readonly<Record<string, number>>;
  /** Count of sentences a sentiment label. */
  readonly sentiment: Readonly<Record<string, number>>;
}

/** Analyses a whole document, whatever `subtext.enabled`, `subtext.run` or the size limit say, and answers when it is done. */
export const AnalyzeDocumentRequest = {
  method: 'subtext/analyzeDocument',
  type: new RequestType<{ textDocument: TextDocumentIdentifier }, AnalyzeDocumentResult, void>(
    'subtext/analyzeDocument',
  ),
} as const;

/** Ends the inference process and starts a new one; open documents are analysed again. */
export const RestartEngineRequest = {
  method: 'subtext/restartEngine',
  type: new RequestType0<void, void>('subtext/restartEngine'),
} as const;

/** What a client may say in `initialize`. */
export interface InitializationOptions {
  /**
   * How diagnostics travel. Default: `pull` where the client supports it together with
   * `workspace/diagnostic/refresh`, else `push`.
   */
  readonly diagnostics?: 'push' | 'pull';
  /** The client shows `subtext/entities` itself; without it the server does not send any. */
  readonly entities?: boolean;
  /** The client takes `subtext/rulesChanged`: it saves the file, offers to undo, and writes settings. */
  readonly rules?: boolean;
  /** The section `subtext`, for clients that do not answer `workspace/configuration`. */
  readonly settings?: unknown;
}

export type { Position, Range };
