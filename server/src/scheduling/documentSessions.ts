import { type Connection, TextDocuments } from 'vscode-languageserver';
import { SentenceLanguages } from '../core/language/sentenceLanguages';
import { loadGuessByWords } from '../core/language/wordGuess';
import { logFailure } from '../core/logFailure';
import type { RulesStore } from '../rules/rulesStore';
import type { SettingsStore } from '../settings/settingsStore';
import type { Analyzers, DocumentEngines } from './analyzers';
import { DocumentSession, type SessionDependencies, type SessionUpdate } from './documentSession';
import { TrackedDocument } from './trackedDocument';

export type UpdateListener = (session: DocumentSession, update: SessionUpdate) => void;
export type CloseListener = (uri: string) => void;

/** The open documents, each with its {@link DocumentSession}. */
export class DocumentSessions {
  readonly #documents = new TextDocuments<TrackedDocument>(TrackedDocument);
  readonly #settings: SettingsStore;
  readonly #rules: Pick<RulesStore, 'forDocument'>;
  readonly #analyzers: Analyzers;
  readonly #dependencies: Omit<SessionDependencies, 'onUpdate' | 'languages'>;
  /** A session exists as soon as the settings of its document are there. */
  readonly #sessions = new Map<string, Promise<DocumentSession>>();
  readonly #open = new Map<string, DocumentSession>();
  #windowEngines: DocumentEngines | undefined;
  /** Counts how often settings were asked for anew, so that what was overtaken is not used. */
  #refreshes = 0;
  readonly #updateListeners: UpdateListener[] = [];
  readonly #closeListeners: CloseListener[] = [];

  constructor(
    settings: SettingsStore,
    rules: Pick<RulesStore, 'forDocument'>,
    analyzers: Analyzers,
    dependencies: Omit<SessionDependencies, 'onUpdate' | 'languages'>,
  ) {
    this.#settings = settings;
    this.#rules = rules;
    this.#analyzers = analyzers;
    this.#dependencies = dependencies;
  }

  listen(connection: Connection): void {
    this.#documents.listen(connection);
    // One that is opened a second time has another text, and maybe another language.
    this.#documents.onDidOpen(({ document }) => {
      if (this.#sessions.has(document.uri)) this.#close(document.uri);
    });
    // This event comes for an opened document, too, after the other.
    this.#documents.onDidChangeContent(({ document }) => {
      if (this.#sessions.has(document.uri)) this.#open.get(document.uri)?.didEdit();
      else this.#begin(document);
    });
    this.#documents.onDidSave(({ document }) => this.#open.get(document.uri)?.didSave());
    this.#documents.onDidClose(({ document }) => this.#close(document.uri));
  }

  /** Called after every change of what is known about a document. */
  onUpdate(listener: UpdateListener): void {
    this.#updateListeners.push(listener);
  }

  onClose(listener: CloseListener): void {
    this.#closeListeners.push(listener);
  }

  /** The session of an open document, undefined if it is not open. */
  async find(uri: string): Promise<DocumentSession | undefined> {
    return this.#sessions.get(uri);
  }

  /** All sessions that are under way. */
  all(): Iterable<DocumentSession> {
    return this.#open.values();
  }

  /** Asks for the settings of the window and of every document anew, and finds the engines that they ask for. */
  async refreshSettings(): Promise<void> {
    const refresh = ++this.#refreshes;
    const window = await this.#settings.forWindow();
    const sessions = await Promise.all(
      [...this.#open.values()].map(async (session) => {
        const settings = await this.#settings.forDocument(session.document.uri);
        const rules = await this.#rules.forDocument(session.document, settings);
        return { session, settings, rules };
      }),
    );
    if (refresh !== this.#refreshes) return;
    this.#windowEngines = this.#analyzers.for(window);
    const changes = sessions.map((one) => ({ ...one, engines: this.#analyzers.for(one.settings) }));
    // Before the documents ask them, so that none is let go of in between.
    this.#keepEngines(changes.map(({ engines }) => engines));
    for (const { session, settings, rules, engines } of changes)
      session.changeSettings(settings, rules, engines);
    this.#keepEngines();
  }

  /** Finds the engines of a window without documents. */
  async start(): Promise<void> {
    const window = await this.#settings.forWindow();
    this.#windowEngines = this.#analyzers.for(window);
    this.#keepEngines();
    this.#analyzers.warm(window);
  }

  #begin(document: TrackedDocument): void {
    const session = this.#create(document);
    this.#sessions.set(document.uri, session);
    // Who asks for it is told, too.
    void logFailure(session, 'A document could not be opened.', this.#dependencies.logger);
  }

  async #create(document: TrackedDocument): Promise<DocumentSession> {
    const { uri } = document;
    const refreshes = this.#refreshes;
    const [settings, guess] = await Promise.all([this.#settings.forDocument(uri), loadGuessByWords()]);
    const rules = await this.#rules.forDocument(document, settings);
    const session = new DocumentSession(document, settings, rules, this.#analyzers.for(settings), {
      ...this.#dependencies,
      languages: new SentenceLanguages(guess),
      onUpdate: (updated, update) => {
        for (const listener of this.#updateListeners) listener(updated, update);
      },
    });
    // It may have been closed, or closed and opened again, while the settings were on their way.
    if (this.#documents.get(uri) === document) {
      this.#open.set(uri, session);
      this.#keepEngines();
      session.open();
      // What it was made with has changed meanwhile.
      if (refreshes !== this.#refreshes) {
        const { logger } = this.#dependencies;
        void logFailure(this.refreshSettings(), 'Changed settings could not be applied.', logger);
      }
    } else {
      session.close();
    }
    return session;
  }

  #close(uri: string): void {
    this.#open.get(uri)?.close();
    this.#open.delete(uri);
    this.#sessions.delete(uri);
    this.#settings.forget(uri);
    this.#keepEngines();
    for (const listener of this.#closeListeners) listener(uri);
  }

  /** Lets go of engines that no document needs. Those of the window's settings stay: the next document may. */
  #keepEngines(more: readonly DocumentEngines[] = []): void {
    const used = [...this.#open.values()].map(({ engines }) => engines);
    this.#analyzers.keep([...(this.#windowEngines ? [this.#windowEngines] : []), ...used, ...more]);
  }
}
