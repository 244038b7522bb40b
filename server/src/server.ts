import { isAbsolute } from 'node:path';
import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeResult,
  type ServerCapabilities,
  TextDocumentSyncKind,
} from 'vscode-languageserver';
import { logFailure } from './core/logFailure';
import type { Clock, Logger } from './core/ports';
import { registerAnalyzeDocument } from './features/analyzeDocument';
import { registerCodeActions } from './features/codeActions';
import { completionTriggers, registerCompletion } from './features/completion';
import type { FeatureContext } from './features/context';
import { type DeviceTools, registerDevices } from './features/devices';
import { isPulling, registerDiagnostics } from './features/diagnostics';
import { registerDocumentState } from './features/documentState';
import { registerDocumentSymbols } from './features/documentSymbols';
import { registerEngineState } from './features/engineState';
import { registerFillMask } from './features/fillMask';
import { registerHighlights } from './features/highlights';
import { registerHover } from './features/hover';
import { registerInspectTokens } from './features/inspectTokens';
import { registerMentions } from './features/mentions';
import { registerModels } from './features/models';
import { registerProse } from './features/prose';
import { foldersOf, registerRules, toRuleDiagnostics, watchRules } from './features/rules';
import { registerSemanticTokens, semanticTokensLegend, wantsSemanticTokens } from './features/semanticTokens';
import { registerView } from './features/view';
import { WordSuggestions } from './features/wordSuggestions';
import { guardConnection } from './guardConnection';
import type { DeviceService } from './inference/devices/deviceService';
import { EnginePool } from './inference/enginePool';
import type { SupervisedEngine } from './inference/supervisedEngine';
import { type InstalledModel, type ModelSource, modelKey } from './models/installedModels';
import type { ModelStore } from './models/modelStore';
import { TaskModels } from './models/taskModels';
import { ModelMissingNotification } from './protocol/models';
import type { InitializationOptions } from './protocol/protocol';
import { CHANGE_RULES_COMMAND } from './protocol/rules';
import { RulesStore } from './rules/rulesStore';
import { Analyzers } from './scheduling/analyzers';
import { DocumentSessions } from './scheduling/documentSessions';
import type { Pause } from './scheduling/timeSlices';
import { SECTION, SettingsStore } from './settings/settingsStore';

const MILLISECONDS_A_MINUTE = 60_000;
const BYTES_A_MEGABYTE = 1_000_000;

/** Chooses the devices of engines. */
export type Devices = DeviceTools & Pick<DeviceService, 'startChild' | 'use'>;

export interface ServerDependencies {
  readonly version: string;
  readonly models: ModelSource;
  readonly store: ModelStore;
  /** Makes the engine of a model, which is started later. */
  readonly createEngine: (
    model: InstalledModel,
    options: { readonly logger: Logger; readonly devices: Devices },
  ) => SupervisedEngine;
  readonly createDevices: (options: { readonly logger: Logger }) => Devices;
  readonly clock: Clock;
  readonly pause: Pause;
  /** Called once the client's language is known, before any text for people is made. */
  readonly loadTranslations: (locale: string) => Promise<void>;
}

/** Answers a client over a connection until it says `exit`. The caller makes the connection listen. */
export function startServer(unguarded: Connection, dependencies: ServerDependencies): void {
  const { clock, pause } = dependencies;
  const logger: Logger = {
    info: (message) => unguarded.console.info(message),
    warn: (message) => unguarded.console.warn(message),
    error: (message) => unguarded.console.error(message),
  };
  const connection = guardConnection(unguarded, logger);
  const devices = dependencies.createDevices({ logger });
  const pool = new EnginePool({
    createEngine: (model) => dependencies.createEngine(model, { logger, devices }),
    clock,
  });
  const taskModels = new TaskModels(dependencies.models, (missing) => {
    const telling = connection.sendNotification(ModelMissingNotification.type, missing);
    void logFailure(telling, 'A missing model could not be told of.', logger);
  });
  const analyzers = new Analyzers(taskModels, pool, logger);

  connection.onInitialize(async (params): Promise<InitializeResult> => {
    const { capabilities } = params;
    const locale = toLocale(params.locale);
    await dependencies.loadTranslations(locale);
    const options: InitializationOptions = params.initializationOptions ?? {};
    const pullsSettings = capabilities.workspace?.configuration ?? false;
    const settings = new SettingsStore(connection, logger, pullsSettings, options.settings);
    const rules = new RulesStore({
      clock,
      pause,
      logger,
      onRead: (uri, text, problems) => {
        const sending = connection.sendDiagnostics({ uri, diagnostics: toRuleDiagnostics(text, problems) });
        void logFailure(sending, 'The problems of a rule file could not be sent.', logger);
      },
    });
    rules.setFolders(foldersOf(params));
    const documents = new DocumentSessions(settings, rules, analyzers, { clock, pause, logger });
    const context: FeatureContext = {
      connection,
      capabilities,
      options,
      locale,
      documents,
      clock,
      logger,
    };

    registerHighlights(context);
    const countDiagnostics = registerDiagnostics(context);
    registerHover(context);
    registerDocumentSymbols(context);
    registerMentions(context);
    registerSemanticTokens(context);
    registerCodeActions(context, rules);
    registerRules(context, rules);
    registerInspectTokens(context);
    const suggestions = new WordSuggestions();
    registerFillMask(context, suggestions);
    registerCompletion(context, suggestions);
    registerAnalyzeDocument(context);
    registerView(context);
    registerProse(context);
    registerDevices(context, devices, async () => {
      const { uses } = analyzers.for(await settings.forWindow());
      const models = [...pool.models, ...uses.map(({ model }) => model)];
      return [...new Map(models.map((model) => [modelKey(model.description), model.location])).values()];
    });
    registerModels({
      connection,
      clock,
      logger,
      store: dependencies.store,
      folders: () => pool.models.map(({ location }) => location.id).filter(isAbsolute),
      isInUse: ({ path }) => pool.models.some(({ location }) => location.path === path),
      onChanged: () => {
        dependencies.models.forget();
        taskModels.refresh();
        void logFailure(documents.refreshSettings(), 'The models could not be chosen anew.', logger);
      },
    });
    registerEngineState(context, pool, () => analyzers.retry());
    // Behind the features that send results, so that `complete` comes after them.
    registerDocumentState(context, countDiagnostics);

    /** Settings that hold for the whole window: those of the engines. */
    async function applyWindowSettings(): Promise<void> {
      const window = await settings.forWindow();
      if (devices.use(window.device))
        void logFailure(pool.restart(), 'The models could not be restarted.', logger);
      pool.setThreads(window['inference.threads']);
      pool.setLimits({
        unloadAfter: window['models.unloadAfterMinutes'] * MILLISECONDS_A_MINUTE,
        memoryBytes: window['models.memoryMegabytes'] * BYTES_A_MEGABYTE,
      });
    }

    connection.onInitialized(async () => {
      if (capabilities.workspace?.didChangeConfiguration?.dynamicRegistration) {
        const watching = connection.client.register(DidChangeConfigurationNotification.type, {
          section: SECTION,
        });
        await logFailure(watching, 'The client does not tell of changed settings.', logger);
      }
      await watchRules(context, rules);
      await applyWindowSettings();
      await documents.start();
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

  connection.onShutdown(() => pool.dispose());
  connection.onExit(() => pool.killNow());
}

/** English where a client names no language, or one that is none: some write `C` or `en_US.UTF-8`. */
function toLocale(locale: string | null | undefined): string {
  try {
    return Intl.getCanonicalLocales(locale ?? 'en')[0] ?? 'en';
  } catch {
    return 'en';
  }
}

function serverCapabilities(context: FeatureContext): ServerCapabilities {
  return {
    textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
    // Said here, it need not be registered, which a client might refuse.
    ...(context.capabilities.workspace?.workspaceFolders && {
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    }),
    hoverProvider: true,
    documentSymbolProvider: { label: 'Subtext' },
    documentHighlightProvider: true,
    referencesProvider: true,
    codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix] },
    executeCommandProvider: { commands: [CHANGE_RULES_COMMAND] },
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
