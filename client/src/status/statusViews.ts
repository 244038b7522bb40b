import type {
  DocumentStateParams,
  EngineStateParams,
  SkipReason,
} from '../../../server/src/protocol/protocol';
import type { ServerState } from '../api';
import { commandIds } from '../commands/commandIds';
import type { Localization } from '../localization';
import { formatBytes, taskNames } from '../models/modelText';
import type { Download } from '../state/analysisState';

/** What a language status item shows. */
export interface StatusView {
  readonly text: string;
  readonly detail?: string;
  readonly severity: 'information' | 'warning' | 'error';
  readonly busy: boolean;
  readonly command?: { readonly command: string; readonly title: string };
}

/** The models in use and the processes behind them. @param engines in the order in which they are to be named */
export function engineStatus(
  server: ServerState,
  engines: readonly EngineStateParams[],
  l10n: Localization,
): StatusView {
  const restart = { command: commandIds.restartServer, title: l10n.t('Restart') };
  const showOutput = { command: commandIds.showOutput, title: l10n.t('Show Output') };
  const chooseModel = { command: commandIds.chooseModel, title: l10n.t('Choose Model') };
  const failed = (message: string | undefined): StatusView => ({
    text: l10n.t('Analysis failed'),
    ...(message ? { detail: message } : {}),
    severity: 'error',
    busy: false,
    command: restart,
  });
  const restarting = (message: string | undefined): StatusView => ({
    text: l10n.t('Restarting'),
    ...(message ? { detail: message } : {}),
    severity: 'warning',
    busy: true,
    command: showOutput,
  });
  const loading = (models: readonly EngineStateParams[]): StatusView => ({
    text: l10n.t('Loading the model'),
    ...(models.length > 0 ? { detail: models.map(modelName).join(', ') } : {}),
    severity: 'information',
    busy: true,
    command: showOutput,
  });
  const messageOf = (engine: EngineStateParams): string | undefined =>
    engine.message && engines.length > 1 ? `${modelName(engine)}: ${engine.message}` : engine.message;

  switch (server.status) {
    case 'stopped':
      return { text: l10n.t('Not running'), severity: 'information', busy: false, command: restart };
    case 'failed':
      return failed(server.message);
    case 'restarting':
      return restarting(undefined);
    case 'starting':
      return loading([]);
    case 'running': {
      const inStatus = (status: EngineStateParams['status']) =>
        engines.filter((engine) => engine.status === status);
      const [broken] = inStatus('failed');
      if (broken) return failed(messageOf(broken));
      const [died] = inStatus('restarting');
      if (died) return restarting(messageOf(died));
      const starting = inStatus('starting');
      if (starting.length > 0) return loading(starting);
      return {
        text: engines.length > 0 ? engines.map(modelName).join(', ') : l10n.t('No model in use'),
        ...detailOf(engines, l10n),
        // A model that had to do with another device says why.
        severity: engines.some(({ message }) => message) ? 'warning' : 'information',
        busy: false,
        command: chooseModel,
      };
    }
  }
}

/** Models on their way to this machine; undefined where there is none. @param locale a BCP 47 tag, for the sizes */
export function downloadStatus(
  downloads: readonly Download[],
  locale: string,
  l10n: Localization,
): StatusView | undefined {
  const [first, ...others] = downloads;
  if (!first) return undefined;
  const progress = ({ receivedBytes, totalBytes }: Download) =>
    l10n.t('{0} of {1}', formatBytes(receivedBytes, locale), formatBytes(totalBytes, locale));
  const view = { severity: 'information', busy: true } as const;
  return others.length === 0
    ? { text: l10n.t('Downloading “{0}”', first.title), detail: progress(first), ...view }
    : {
        text: l10n.t('Downloading {0} models', downloads.length),
        detail: downloads.map((one) => `${one.title}: ${progress(one)}`).join(' · '),
        ...view,
      };
}

/** How far the analysis of the active document is; undefined where nothing is known of it. */
export function documentStatus(
  state: DocumentStateParams | undefined,
  l10n: Localization,
): StatusView | undefined {
  if (!state) return undefined;
  if (state.status === 'analyzing') {
    return {
      text: l10n.t('Analyzing sentence {0} of {1}', state.analyzed, state.total),
      severity: 'information',
      busy: true,
    };
  }
  if (state.status === 'complete') {
    return { text: l10n.t('{0} sentences analyzed', state.total), severity: 'information', busy: false };
  }
  const analyze = { command: commandIds.analyzeDocument, title: l10n.t('Analyze Anyway') };
  const offered = state.reason === 'disabled' || state.reason === 'tooLarge';
  return {
    text: l10n.t('Not analyzed'),
    ...(state.reason ? { detail: skipDetail(state.reason, l10n) } : {}),
    severity: state.reason === 'tooLarge' ? 'warning' : 'information',
    busy: false,
    ...(offered ? { command: analyze } : {}),
  };
}

function skipDetail(reason: SkipReason, l10n: Localization): string {
  switch (reason) {
    case 'disabled':
      return l10n.t('Subtext is switched off in the settings.');
    case 'tooLarge':
      return l10n.t('The document is larger than the limit in the settings.');
    case 'binary':
      return l10n.t('The document does not seem to be text.');
    case 'unsupportedLanguage':
      return l10n.t('The language is not one of those in the settings.');
  }
}

/** What a person calls a model: owners and the folders above it take too much room. */
const modelName = ({ model }: EngineStateParams): string => model.split(/[\\/]/).findLast(Boolean) ?? model;

/** Device and speed of the one model, or of each with its tasks. */
function detailOf(engines: readonly EngineStateParams[], l10n: Localization): { detail?: string } {
  const [first, ...others] = engines;
  if (!first) return {};
  const parts =
    others.length === 0
      ? activities(first, l10n)
      : engines.map((engine) => {
          const known = activities(engine, l10n).join(', ');
          return [taskNames(engine.tasks, l10n), known].filter(Boolean).join(': ');
        });
  return parts.length > 0 ? { detail: parts.join(' · ') } : {};
}

function activities(
  { status, device, millisecondsPerSentence: speed, message }: EngineStateParams,
  l10n: Localization,
): readonly string[] {
  if (status === 'idle') return [l10n.t('not loaded')];
  return [
    device,
    speed === undefined ? undefined : l10n.t('{0} ms per sentence', speed.toFixed(1)),
    message,
  ].filter((part) => part !== undefined);
}
