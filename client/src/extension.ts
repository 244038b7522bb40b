import * as vscode from 'vscode';
import {
  CudaProgressNotification,
  DownloadProgressNotification,
  ModelMissingNotification,
} from '../../server/src/protocol/models';
import {
  DocumentStateNotification,
  EngineStateNotification,
  EntitiesNotification,
} from '../../server/src/protocol/protocol';
import { RulesChangedNotification } from '../../server/src/protocol/rules';
import type { ServerState, StateChange, SubtextApi } from './api';
import { systemClock } from './clock';
import { analyzeDocument } from './commands/analyzeDocument';
import { registerCommands } from './commands/registerCommands';
import { toggleSetting } from './commands/toggleSetting';
import { DeviceBenchmark } from './devices/benchmarkDevices';
import { cudaDownload, installCuda, supportsCuda } from './devices/installCuda';
import { affectsLanguages, isSupported, supportedLanguages } from './documents';
import { ModelDownloads } from './downloads/modelDownloads';
import { EntityHighlights } from './entities/entityHighlights';
import { registerAlternatives } from './fillMask/alternatives';
import { suggestWords } from './fillMask/fillMaskCommand';
import { TokenInspector } from './inspect/inspectTokens';
import { ModelChooser } from './models/chooseModel';
import { manageModels } from './models/manageModels';
import { MissingModels } from './models/missingModels';
import { ProseView } from './prose/proseView';
import { registerRuleChoice } from './rules/chooseRule';
import { addToGazetteer, importGazetteer } from './rules/gazetteerCommands';
import { showChangedRules } from './rules/rulesChanged';
import { RestartPolicy } from './server/restartPolicy';
import { ServerSession } from './server/serverSession';
import { AnalysisState } from './state/analysisState';
import { registerLanguageStatus } from './status/languageStatus';
import { ViewReporter } from './view/viewReporter';

/** Kept for `deactivate`, which VS Code calls without any context. */
let deactivateSession: (() => Promise<void>) | undefined;

export function activate(context: vscode.ExtensionContext): SubtextApi {
  const output = vscode.window.createOutputChannel('Subtext', { log: true });
  const state = new AnalysisState();
  const highlights = new EntityHighlights(systemClock);
  const stateChanges = new vscode.EventEmitter<StateChange>();

  const session = new ServerSession({
    clock: systemClock,
    restartPolicy: new RestartPolicy(),
    failureMessage: vscode.l10n.t('The language server does not run. See the output for the cause.'),
    log: (message) => output.warn(message),
    onState: (server) => onServerState(server),
    createClient: async (closed) => {
      // Most of the extension's code, so it is not loaded while the editor activates the extension.
      await new Promise(setImmediate);
      const { createLanguageClient } = await import('./server/languageClient');
      const client = createLanguageClient(context.asAbsolutePath('dist/server.js'), output, closed);
      client.onNotification(EngineStateNotification.type, (params) => state.setEngine(params));
      client.onNotification(EntitiesNotification.type, (params) => {
        highlights.apply(params);
        state.announce({ kind: 'entities', uri: params.uri });
      });
      client.onNotification(DocumentStateNotification.type, (params) => {
        if (params.status === 'complete') highlights.settle(params.uri);
        if (params.status === 'skipped') highlights.clear(params.uri);
        state.setDocument(params);
      });
      client.onNotification(DownloadProgressNotification.type, (params) => state.setDownload(params));
      client.onNotification(CudaProgressNotification.type, (params) =>
        state.setDownload({ ref: cudaDownload, ...params }),
      );
      client.onNotification(RulesChangedNotification.type, (params) => void showChangedRules(params));
      client.onNotification(ModelMissingNotification.type, (params) => missingModels.tell(params));
      return client;
    },
  });
  const views = new ViewReporter(session, systemClock);
  const downloads = new ModelDownloads(session, state);
  const chooser = new ModelChooser(session, downloads);
  const benchmark = new DeviceBenchmark(session);
  const inspector = new TokenInspector(session);
  const prose = new ProseView(session, state, systemClock);
  const missingModels = new MissingModels(downloads, chooser);

  function onServerState(server: ServerState): void {
    if (server.status === 'starting' || server.status === 'restarting') highlights.beginSession();
    state.setServer(server);
    if (server.status === 'running') views.beginSession();
  }

  /** The server costs memory, so it waits for the first document that it has something to say of. */
  const startWhenNeeded = () => {
    if (session.state.status === 'stopped' && vscode.workspace.textDocuments.some(isSupported))
      void session.start();
  };
  const showLanguages = () =>
    vscode.commands.executeCommand('setContext', 'subtext.languages', supportedLanguages());

  context.subscriptions.push(
    output,
    stateChanges,
    state.onDidChange((change) => stateChanges.fire(change)),
    highlights,
    views,
    benchmark,
    inspector,
    prose,
    registerLanguageStatus(state),
    registerAlternatives(session),
    registerRuleChoice(session),
    registerCommands({
      fillMask: () => suggestWords(session, state, { together: false }),
      fillAllMasks: () => suggestWords(session, state, { together: true }),
      inspectTokens: () => inspector.inspect(),
      analyzeDocument: () => analyzeDocument(session, state),
      showProse: () => prose.toggle(),
      addToGazetteer: () => addToGazetteer(session),
      importGazetteer: () => importGazetteer(session),
      toggleEntities: () => toggleSetting('entities.enabled'),
      toggleSentiment: () => toggleSetting('sentiment.enabled'),
      chooseModel: () => chooser.choose(),
      manageModels: () => manageModels(session, downloads),
      benchmarkDevices: () => benchmark.run(),
      installCuda: () => installCuda(session, state),
      restartServer: () => session.restart(),
      showOutput: () => output.show(),
    }),
    vscode.workspace.onDidOpenTextDocument(startWhenNeeded),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => state.closeDocument(uri.toString())),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (!affectsLanguages(event)) return;
      void showLanguages();
      // A client keeps the documents it was made for, so other languages need another one.
      if (session.state.status !== 'stopped') void session.restart();
      startWhenNeeded();
    }),
  );
  deactivateSession = () => session.stop();
  void showLanguages();
  void vscode.commands.executeCommand('setContext', 'subtext.supportsCuda', supportsCuda);
  startWhenNeeded();

  return {
    onDidChangeState: stateChanges.event,
    serverState: () => state.server,
    engineStates: () => state.engines,
    documentState: (uri) => state.document(uri.toString()),
    entities: (uri) => highlights.marks(uri.toString()),
  };
}

export function deactivate(): Promise<void> | undefined {
  return deactivateSession?.();
}
