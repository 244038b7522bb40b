import {
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeResult,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { SentenceCache } from './core/cache/sentenceCache';
import type { ModelDescription } from './core/model';
import type { Clock, Logger } from './core/ports';
import type { Aggregation } from './core/tasks/aggregation';
import { registerAnalyzeDocument } from './features/analyzeDocument';
import { completionTriggers, registerCompletion } from './features/completion';
import type { FeatureContext } from './features/context';
import { isPulling, registerDiagnostics } from './features/diagnostics';
import { registerDocumentState } from './features/documentState';
import { registerDocumentSymbols } from './features/documentSymbols';
import { registerEngineState } from './features/engineState';
import { registerFillMask } from './features/fillMask';
import { registerHighlights } from './features/highlights';
import { registerHover } from './features/hover';
import { registerMentions } from './features/mentions';
import { registerSemanticTokens, semanticTokensLegend, wantsSemanticTokens } from './features/semanticTokens';
import { registerView } from './features/view';
import type { SupervisedEngine } from './inference/supervisedEngine';
import type { InitializationOptions } from './protocol/protocol';
import { DocumentSessions } from './scheduling/documentSessions';
import { SentenceScheduler } from './scheduling/sentenceScheduler';
import type { Pause } from './scheduling/timeSlices';
import { defaultSettings } from './settings/settings';
import { SECTION, SettingsStore } from './settings/settingsStore';

export interface ServerDependencies {
  readonly version: string;
  readonly model: ModelDescription;
  readonly createEngine: (options: { readonly logger: Logger }) => SupervisedEngine;
  readonly clock: Clock;
  readonly pause: Pause;
  /** Called once the client's language is known, before any text for people is made. */
  readonly loadTranslations: (locale: string) => Promise<void>;
}

/** Answers a client over a connection until it says `exit`. The caller makes the connection listen. */
export function startServer(connection: Connection, dependencies: ServerDependencies): void {
  const { model, clock, pause } = dependencies;
  const logger: Logger = {
    info: (message) => connection.console.info(message),
    warn: (message) => connection.console.warn(message),
    error: (message) => connection.console.error(message),
  };
  const engine = dependencies.createEngine({ logger });
  const cache = new SentenceCache();
  const schedulerOptions = (aggregation: Aggregation) => ({
    aggregation,
    results: cache.for(model, aggregation),
  });

  connection.onInitialize(async (params): Promise<InitializeResult> => {
    await dependencies.loadTranslations(params.locale ?? 'en');
    const { capabilities } = params;
    const options: InitializationOptions = params.initializationOptions ?? {};
    const pullsSettings = capabilities.workspace?.configuration ?? false;
    const settings = new SettingsStore(connection, logger, pullsSettings, options.settings);
    const scheduler = new SentenceScheduler(
      engine,
      logger,
      schedulerOptions(defaultSettings['entities.aggregation']),
    );
    const documents = new DocumentSessions(settings, { scheduler, clock, pause, logger });
    const context: FeatureContext = {
      connection,
      capabilities,
      options,
      documents,
      engine,
      model,
      clock,
      logger,
    };

    registerHighlights(context);
    registerDiagnostics(context);
    registerHover(context);
    registerDocumentSymbols(context);
    registerMentions(context);
    registerSemanticTokens(context);
    registerFillMask(context);
    registerCompletion(context);
    registerAnalyzeDocument(context);
    registerView(context);
    registerEngineState(context, engine, () => scheduler.retry());
    // Behind the features that send results, so that `complete` comes after them.
    registerDocumentState(context);

    /** Settings that hold for the whole window: the engine's threads, and what changes results. */
    async function applyWindowSettings(): Promise<void> {
      const window = await settings.forWindow();
      engine.setThreads(window['inference.threads']);
      const aggregation = window['entities.aggregation'];
      if (aggregation === scheduler.aggregation) return;
      scheduler.changeOptions(schedulerOptions(aggregation));
      for (const session of documents.all()) session.forgetAnalyses();
    }

    connection.onInitialized(async () => {
      if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
        await connection.client.register(DidChangeConfigurationNotification.type, { section: SECTION });
      }
      await applyWindowSettings();
      engine.start();
    });
    connection.onDidChangeConfiguration(async ({ settings: pushed }) => {
      settings.didChange(pushed);
      await applyWindowSettings();
      await documents.refreshSettings();
    });
    documents.listen(connection);
    return {
      capabilities: serverCapabilities(context),
      serverInfo: { name: 'Subtext', version: dependencies.version },
    };
  });

  connection.onShutdown(() => engine.dispose());
  connection.onExit(() => engine.killNow());
}

function serverCapabilities(context: FeatureContext): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
    hoverProvider: true,
    documentSymbolProvider: { label: 'Subtext' },
    documentHighlightProvider: true,
    referencesProvider: true,
    completionProvider: {
      triggerCharacters: completionTriggers,
      completionItem: { labelDetailsSupport: true },
    },
    ...(isPulling(context) && {
      diagnosticProvider: {
        identifier: 'subtext',
        interFileDependencies: false,
        workspaceDiagnostics: false,
      },
    }),
    ...(wantsSemanticTokens(context) && {
      semanticTokensProvider: { legend: semanticTokensLegend, full: true, range: true },
    }),
  };
}
