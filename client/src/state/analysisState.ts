import { modelTasks } from '../../../server/src/core/model';
import type { DownloadProgressParams } from '../../../server/src/protocol/models';
import type { DocumentStateParams, EngineStateParams } from '../../../server/src/protocol/protocol';
import type { ServerState, StateChange } from '../api';

/** A model on its way to this machine. */
export interface Download extends DownloadProgressParams {
  readonly title: string;
}

/** All that the client knows about the server, and who wants to be told when it changes. */
export class AnalysisState {
  readonly #listeners = new Set<(change: StateChange) => void>();
  readonly #documents = new Map<string, DocumentStateParams>();
  /** By model. */
  readonly #engines = new Map<string, EngineStateParams>();
  /** By reference. */
  readonly #downloads = new Map<string, Download>();
  #server: ServerState = { status: 'stopped' };

  get server(): ServerState {
    return this.#server;
  }

  /** One a model in use, in the order of their first tasks. */
  get engines(): readonly EngineStateParams[] {
    return [...this.#engines.values()].sort((a, b) => firstTask(a) - firstTask(b));
  }

  /** In the order in which they began. */
  get downloads(): readonly Download[] {
    return [...this.#downloads.values()];
  }

  document(uri: string): DocumentStateParams | undefined {
    return this.#documents.get(uri);
  }

  onDidChange(listener: (change: StateChange) => void): { dispose(): void } {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  }

  /** A server that does not run has no engines and knows no documents. */
  setServer(state: ServerState): void {
    this.#server = state;
    if (state.status !== 'running') {
      this.#engines.clear();
      this.#documents.clear();
    }
    this.announce({ kind: 'server' });
  }

  setEngine(state: EngineStateParams): void {
    if (state.tasks.length > 0) this.#engines.set(state.model, state);
    else this.#engines.delete(state.model);
    this.announce({ kind: 'engines' });
  }

  setDocument(state: DocumentStateParams): void {
    this.#documents.set(state.uri, state);
    this.announce({ kind: 'document', uri: state.uri });
  }

  closeDocument(uri: string): void {
    if (this.#documents.delete(uri)) this.announce({ kind: 'document', uri });
  }

  beginDownload(download: Download): void {
    this.#downloads.set(download.ref, download);
    this.announce({ kind: 'downloads' });
  }

  /** Ignored for a download that has ended: its last words may come late. */
  setDownload(progress: DownloadProgressParams): void {
    const download = this.#downloads.get(progress.ref);
    if (download) this.beginDownload({ ...download, ...progress });
  }

  endDownload(ref: string): void {
    if (this.#downloads.delete(ref)) this.announce({ kind: 'downloads' });
  }

  /** Tells the listeners of a change that is kept elsewhere. */
  announce(change: StateChange): void {
    for (const listener of [...this.#listeners]) listener(change);
  }
}

const firstTask = ({ tasks }: EngineStateParams): number =>
  modelTasks.findIndex((task) => tasks.includes(task));
