import type { DocumentStateParams, EngineStateParams } from '../../../server/src/protocol/protocol';
import type { ServerState, StateChange } from '../api';

/** All that the client knows about the server, and who wants to be told when it changes. */
export class AnalysisState {
  readonly #listeners = new Set<(change: StateChange) => void>();
  readonly #documents = new Map<string, DocumentStateParams>();
  #server: ServerState = { status: 'stopped' };
  #engine: EngineStateParams | undefined;

  get server(): ServerState {
    return this.#server;
  }

  get engine(): EngineStateParams | undefined {
    return this.#engine;
  }

  document(uri: string): DocumentStateParams | undefined {
    return this.#documents.get(uri);
  }

  onDidChange(listener: (change: StateChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** A server that does not run has no engine and knows no documents. */
  setServer(state: ServerState): void {
    this.#server = state;
    if (state.status !== 'running') {
      this.#engine = undefined;
      this.#documents.clear();
    }
    this.announce({ kind: 'server' });
  }

  setEngine(state: EngineStateParams): void {
    this.#engine = state;
    this.announce({ kind: 'engine' });
  }

  setDocument(state: DocumentStateParams): void {
    this.#documents.set(state.uri, state);
    this.announce({ kind: 'document', uri: state.uri });
  }

  closeDocument(uri: string): void {
    if (this.#documents.delete(uri)) this.announce({ kind: 'document', uri });
  }

  /** Tells the listeners of a change that is kept elsewhere. */
  announce(change: StateChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}
