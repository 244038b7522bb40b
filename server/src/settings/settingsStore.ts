import type { Connection } from 'vscode-languageserver';
import type { Logger } from '../core/ports';
import type { Settings } from './schema';
import { defaultSettings, parseSettings } from './settings';

/** The configuration section, and the property of `initializationOptions` that may hold settings. */
export const SECTION = 'subtext';

/**
 * Settings a document, fetched from the client when first asked for and again after a change. For clients
 * without `workspace/configuration` they come with `initialize` and `workspace/didChangeConfiguration`.
 */
export class SettingsStore {
  readonly #connection: Connection;
  readonly #logger: Logger;
  readonly #pull: boolean;
  #pushed: Settings = defaultSettings;
  /** By scope URI; the empty string stands for the window. */
  readonly #fetched = new Map<string, Promise<Settings>>();
  /** Problems that were reported: one message each, not one a document. */
  readonly #reported = new Set<string>();

  /** @param initial the section as a client may send it in `initializationOptions.settings`. */
  constructor(connection: Connection, logger: Logger, pull: boolean, initial: unknown) {
    this.#connection = connection;
    this.#logger = logger;
    this.#pull = pull;
    if (initial !== undefined) this.#pushed = this.#parse(initial);
  }

  /** Forgets what is known; called with the parameters of `workspace/didChangeConfiguration`. */
  didChange(settings: unknown): void {
    this.#fetched.clear();
    const section = (settings as Record<string, unknown> | null | undefined)?.[SECTION];
    if (section !== undefined && section !== null) this.#pushed = this.#parse(section);
  }

  forWindow(): Promise<Settings> {
    return this.#get('');
  }

  forDocument(uri: string): Promise<Settings> {
    return this.#get(uri);
  }

  /** To be called when a document is closed. */
  forget(uri: string): void {
    this.#fetched.delete(uri);
  }

  #get(scope: string): Promise<Settings> {
    if (!this.#pull) return Promise.resolve(this.#pushed);
    let settings = this.#fetched.get(scope);
    if (!settings) {
      settings = this.#fetch(scope);
      this.#fetched.set(scope, settings);
    }
    return settings;
  }

  async #fetch(scope: string): Promise<Settings> {
    try {
      const item = scope ? { section: SECTION, scopeUri: scope } : { section: SECTION };
      return this.#parse(await this.#connection.workspace.getConfiguration(item));
    } catch (error) {
      this.#logger.warn(`The client did not send its settings; defaults are used. ${String(error)}`);
      return this.#pushed;
    }
  }

  #parse(section: unknown): Settings {
    const { settings, problems } = parseSettings(section);
    for (const { key, expected } of problems) {
      const message = `Setting ${SECTION}.${key} is not usable, its default is used: expected ${expected}.`;
      if (!this.#reported.has(message)) this.#logger.warn(message);
      this.#reported.add(message);
    }
    return settings;
  }
}
