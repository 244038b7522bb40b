import { type Label, label } from '../../../server/src/core/surfaces/label';
import { languageName } from '../../../server/src/protocol/languageName';
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
  readonly text: Label;
  readonly detail?: Label;
  readonly severity: 'information' | 'warning' | 'error';
  readonly busy: boolean;
  readonly command?: { readonly command: string; readonly title: string };
}

/** A view in the words of whoever they come from: models, drivers, the Hub. */
interface Wording extends Omit<StatusView, 'text' | 'detail'> {
  readonly text: string;
  readonly detail?: string;
}

/** VS Code makes links of what looks like one, commands included; ours have none. */
const toView = ({ text, detail, ...view }: Wording): StatusView => ({
  ...view,
  text: label.escape(text),
  ...(detail !== undefined && { detail: label.escape(detail) }),
});

/** One view a model in use, or a single one where there is only the server to tell of. */
export function engineStatuses(
  server: ServerState,
  engines: readonly EngineStateParams[],
  l10n: Localization,
): readonly StatusView[] {
  if (server.status !== 'running' || engines.length === 0) return [toView(serverStatus(server, l10n))];
  return engines.map((engine) => toView(modelStatus(engine, engines.length > 1, l10n)));
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
    ? toView({ text: l10n.t('Downloading “{0}”', first.title), detail: progress(first), ...view })
    : toView({
        text: l10n.t('Downloading {0} models', downloads.length),
        detail: downloads.map((one) => `${one.title}: ${progress(one)}`).join(' · '),
        ...view,
      });
}

/** How far the analysis of the active document is; undefined where nothing is known of it. @param locale as above */
export function documentStatus(
  state: DocumentStateParams | undefined,
  locale: string,
  l10n: Localization,
): StatusView | undefined {
  return state && toView(describeDocument(state, locale, l10n));
}

function describeDocument(state: DocumentStateParams, locale: string, l10n: Localization): Wording {
  if (state.status === 'analyzing') {
    return {
      text: l10n.t('Analyzing sentence {0} of {1}', state.analyzed, state.total),
      severity: 'information',
      busy: true,
    };
  }
  if (state.status === 'complete') {
    return {
      text: l10n.t('{0} sentences analyzed', state.total - countLeftOut(state)),
      ...withDetail(
        [leftOutDetail(state, locale, l10n), diagnosticsDetail(state, l10n)].filter(Boolean).join(' · '),
      ),
      severity: 'information',
      busy: false,
    };
  }
  if (state.status === 'waiting') return waitingStatus(state, l10n);
  const analyze = { command: commandIds.analyzeDocument, title: l10n.t('Analyze Anyway') };
  const offered = state.reason === 'disabled' || state.reason === 'ignored' || state.reason === 'tooLarge';
  return {
    text: l10n.t('Not analyzed'),
    ...(state.reason ? { detail: skipDetail(state.reason, l10n) } : {}),
    severity: state.reason === 'tooLarge' ? 'warning' : 'information',
    busy: false,
    ...(offered ? { command: analyze } : {}),
  };
}

/** For a document of which nothing is analysed yet, or that was changed since. */
function waitingStatus({ analyzed, total, awaits }: DocumentStateParams, l10n: Localization): Wording {
  return {
    text:
      analyzed === 0 ? l10n.t('Not analyzed yet') : l10n.t('{0} of {1} sentences analyzed', analyzed, total),
    detail:
      awaits === 'save'
        ? l10n.t('The rest is analyzed when the document is saved.')
        : l10n.t('Documents are analyzed on request only.'),
    severity: 'information',
    busy: false,
    command: { command: commandIds.analyzeDocument, title: l10n.t('Analyze') },
  };
}

const diagnosticsDetail = ({ diagnostics }: DocumentStateParams, l10n: Localization): string | undefined =>
  diagnostics && l10n.t('{0} of {1} diagnostics shown', diagnostics.shown, diagnostics.found);

const countLeftOut = ({ leftOut = {} }: DocumentStateParams): number =>
  Object.values(leftOut).reduce((sum, count) => sum + count, 0);

/** Most sentences first. */
function leftOutDetail(state: DocumentStateParams, locale: string, l10n: Localization): string | undefined {
  const { leftOut } = state;
  if (!leftOut) return undefined;
  const languages = Object.entries(leftOut)
    .sort(([, a], [, b]) => b - a)
    .map(([language]) => languageName(language, locale));
  return l10n.t('{0} left out: {1} (unknown to the model)', countLeftOut(state), languages.join(', '));
}

/** Why a document is not analysed, in a sentence. */
export function skipDetail(reason: SkipReason, l10n: Localization): string {
  switch (reason) {
    case 'disabled':
      return l10n.t('Subtext is switched off in the settings.');
    case 'ignored':
      return l10n.t('A rule or a comment ignores the document.');
    case 'tooLarge':
      return l10n.t('The document exceeds the size limit.');
    case 'binary':
      return l10n.t('The document does not seem to be text.');
    case 'unsupportedLanguage':
      return l10n.t('The language is not one of those in the settings.');
  }
}

function serverStatus({ status, message }: ServerState, l10n: Localization): Wording {
  switch (status) {
    case 'stopped':
      return {
        text: l10n.t('Not running'),
        severity: 'information',
        busy: false,
        command: restartCommand(l10n),
      };
    case 'starting':
      return loading(undefined, l10n);
    case 'running':
      return {
        text: l10n.t('No model in use'),
        severity: 'information',
        busy: false,
        command: chooseCommand(l10n),
      };
    case 'restarting':
      return restarting(undefined, l10n);
    case 'failed':
      return failed(message, l10n);
  }
}

/** @param isOneOfSeveral says what the model is used for, and whose message it is. */
function modelStatus(engine: EngineStateParams, isOneOfSeveral: boolean, l10n: Localization): Wording {
  const { status, device, millisecondsPerSentence: speed, message } = engine;
  const name = modelName(engine);
  const told = message && isOneOfSeveral ? `${name}: ${message}` : message;
  if (status === 'starting') return loading(name, l10n);
  if (status === 'restarting') return restarting(told, l10n);
  if (status === 'failed') return failed(told, l10n);
  const details = [
    isOneOfSeveral ? taskNames(engine.tasks, l10n) : undefined,
    status === 'idle' ? l10n.t('not loaded') : device,
    speed === undefined ? undefined : speedText(speed.toFixed(1), isOneOfSeveral, l10n),
    message,
  ];
  return {
    text: name,
    ...withDetail(details.filter(Boolean).join(' · ')),
    // A model that had to do with another device says why.
    severity: message ? 'warning' : 'information',
    busy: false,
    command: chooseCommand(l10n),
  };
}

const loading = (name: string | undefined, l10n: Localization): Wording => ({
  text: l10n.t('Loading the model'),
  ...withDetail(name),
  severity: 'information',
  busy: true,
  command: outputCommand(l10n),
});

const restarting = (message: string | undefined, l10n: Localization): Wording => ({
  text: l10n.t('Restarting'),
  ...withDetail(message),
  severity: 'warning',
  busy: true,
  command: outputCommand(l10n),
});

const failed = (message: string | undefined, l10n: Localization): Wording => ({
  text: l10n.t('Analysis failed'),
  ...withDetail(message),
  severity: 'error',
  busy: false,
  command: restartCommand(l10n),
});

const speedText = (milliseconds: string, isShort: boolean, l10n: Localization): string =>
  isShort ? l10n.t('{0} ms', milliseconds) : l10n.t('{0} ms per sentence', milliseconds);

const withDetail = (detail: string | undefined): { readonly detail?: string } => (detail ? { detail } : {});

const restartCommand = (l10n: Localization) => ({
  command: commandIds.restartServer,
  title: l10n.t('Restart'),
});

const outputCommand = (l10n: Localization) => ({
  command: commandIds.showOutput,
  title: l10n.t('Show Output'),
});

const chooseCommand = (l10n: Localization) => ({
  command: commandIds.chooseModel,
  title: l10n.t('Choose Model'),
});

/** What a person calls a model: owners and the folders above it take too much room. */
const modelName = ({ model }: EngineStateParams): string => model.split(/[\\/]/).findLast(Boolean) ?? model;
