import type { Event, Uri } from 'vscode';
import type { DocumentStateParams, EngineStateParams, EntityMark } from '../../server/src/protocol/protocol';

/** The state of the language server process. */
export interface ServerState {
  readonly status: 'stopped' | 'starting' | 'running' | 'restarting' | 'failed';
  /** For `failed`: what happened, for a person. */
  readonly message?: string;
}

/** What changed: ask the API for the new value. */
export type StateChange =
  | { readonly kind: 'server' }
  | { readonly kind: 'engines' }
  | { readonly kind: 'document'; readonly uri: string }
  | { readonly kind: 'entities'; readonly uri: string }
  /** A download of a model has begun, went on, or ended. */
  | { readonly kind: 'downloads' }
  /** The list of suggestions was filled (`open`) or has gone. */
  | { readonly kind: 'suggestions'; readonly open: boolean };

/**
 * What `activate()` returns: a read-only view of what Subtext knows, for other extensions and for the
 * end-to-end tests. `vscode.extensions.getExtension('subtext.subtext').exports`.
 */
export interface SubtextApi {
  readonly onDidChangeState: Event<StateChange>;
  serverState(): ServerState;
  /** One a model in use, in the order of the tasks; none until the server has told. */
  engineStates(): readonly EngineStateParams[];
  /** Undefined for a document of which the server has not told anything. */
  documentState(uri: Uri): DocumentStateParams | undefined;
  /** Entities in order, as UTF-16 offsets into the document as it is now; undefined for a document that is not analysed. */
  entities(uri: Uri): readonly EntityMark[] | undefined;
}
