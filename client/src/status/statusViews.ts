import type {
  DocumentStateParams,
  EngineStateParams,
  SkipReason,
} from '../../../server/src/protocol/protocol';
import type { ServerState } from '../api';
import { commandIds } from '../commands/commandIds';
import type { Localization } from '../localization';

/** What a language status item shows. */
export interface StatusView {
  readonly text: string;
  readonly detail?: string;
  readonly severity: 'information' | 'warning' | 'error';
  readonly busy: boolean;
  readonly command?: { readonly command: string; readonly title: string };
}

/** The model and the processes behind it. */
export function engineStatus(
  server: ServerState,
  engine: EngineStateParams | undefined,
  l10n: Localization,
): StatusView {
  const restart = { command: commandIds.restartServer, title: l10n.t('Restart') };
  const showOutput = { command: commandIds.showOutput, title: l10n.t('Show Output') };
  const failed = (message: string | undefined): StatusView => ({
    text: l10n.t('Analysis failed'),
    ...(message ? { detail: message } : {}),
    severity: 'error',
    busy: false,
    command: restart,
  });
  if (server.status === 'failed') return failed(server.message);
  if (server.status === 'stopped') {
    return { text: l10n.t('Not running'), severity: 'information', busy: false, command: restart };
  }
  if (server.status === 'restarting' || engine?.status === 'restarting') {
    return {
      text: l10n.t('Restarting'),
      ...(engine?.message ? { detail: engine.message } : {}),
      severity: 'warning',
      busy: true,
      command: showOutput,
    };
  }
  if (engine?.status === 'failed') return failed(engine.message);
  if (engine?.status === 'ready') {
    const milliseconds = engine.millisecondsPerSentence;
    const details = [
      engine.device,
      milliseconds === undefined ? undefined : l10n.t('{0} ms per sentence', milliseconds.toFixed(1)),
    ].filter((detail) => detail !== undefined);
    return {
      text: engine.model,
      ...(details.length > 0 ? { detail: details.join(' · ') } : {}),
      severity: 'information',
      busy: false,
      command: showOutput,
    };
  }
  return {
    text: l10n.t('Loading the model'),
    ...(engine ? { detail: engine.model } : {}),
    severity: 'information',
    busy: true,
    command: showOutput,
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
