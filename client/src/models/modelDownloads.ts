import * as vscode from 'vscode';
import {
  DownloadModelRequest,
  type DownloadPlan,
  type ModelInfo,
  PlanDownloadRequest,
} from '../../../server/src/protocol/models';
import { PercentSteps } from '../percentSteps';
import { isWorthRetrying, requestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import type { AnalysisState } from '../state/analysisState';
import { downloadConsent } from './downloadConsent';
import { formatBytes } from './modelText';

/** Downloads models with the user's consent, any number at a time. */
export class ModelDownloads {
  readonly #session: ServerSession;
  readonly #state: AnalysisState;
  /** By reference: who asks for a model that is on its way waits for the same download. */
  readonly #running = new Map<string, Promise<ModelInfo | undefined>>();

  constructor(session: ServerSession, state: AnalysisState) {
    this.#session = session;
    this.#state = state;
  }

  /** What a download would bring, from the Hub. @throws where the Hub does not tell, or on cancellation. */
  plan(ref: string, token: vscode.CancellationToken): Promise<DownloadPlan> {
    return this.#session.request(PlanDownloadRequest.type, { ref }, token);
  }

  /** As `carryOut`, for a model of which no more than the reference is known. */
  async download(ref: string): Promise<ModelInfo | undefined> {
    const running = this.#running.get(ref);
    if (running) return running;
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Asking what a download of “{0}” would bring', ref),
      cancellable: true,
    };
    const plan = await untilGivenUp(() =>
      vscode.window.withProgress(options, (_progress, token) => this.plan(ref, token)),
    );
    return plan && this.carryOut(plan);
  }

  /**
   * Asks for consent and downloads.
   * @returns undefined where the user declined or cancelled, or where it failed, which the user was told.
   */
  async carryOut(plan: DownloadPlan): Promise<ModelInfo | undefined> {
    const { ref } = plan.model;
    const running = this.#running.get(ref);
    if (running) return running;
    const download = this.#consentAndFetch(plan).finally(() => this.#running.delete(ref));
    this.#running.set(ref, download);
    return download;
  }

  async #consentAndFetch(plan: DownloadPlan): Promise<ModelInfo | undefined> {
    if (plan.missingBytes > 0 && !(await consents(plan))) return undefined;
    return untilGivenUp(() => this.#fetch(plan));
  }

  async #fetch({ model, commit, bytes, missingBytes }: DownloadPlan): Promise<ModelInfo> {
    const { ref, title } = model;
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Downloading “{0}”', title),
      cancellable: true,
    };
    this.#state.beginDownload({ ref, title, receivedBytes: bytes - missingBytes, totalBytes: bytes });
    try {
      return await vscode.window.withProgress(options, async (progress, token) => {
        const reporting = this.#reportProgress(ref, progress);
        try {
          return await this.#session.request(DownloadModelRequest.type, { ref, commit }, token);
        } finally {
          reporting.dispose();
        }
      });
    } finally {
      this.#state.endDownload(ref);
    }
  }

  #reportProgress(
    ref: string,
    progress: vscode.Progress<{ message?: string; increment?: number }>,
  ): { dispose(): void } {
    const percent = new PercentSteps();
    const { language } = vscode.env;
    return this.#state.onDidChange((change) => {
      const download = change.kind === 'downloads' && this.#state.downloads.find((one) => one.ref === ref);
      if (!download) return;
      const { receivedBytes, totalBytes } = download;
      progress.report({
        message: vscode.l10n.t(
          '{0} of {1}',
          formatBytes(receivedBytes, language),
          formatBytes(totalBytes, language),
        ),
        increment: percent.next(receivedBytes, totalBytes),
      });
    });
  }
}

async function consents(plan: DownloadPlan): Promise<boolean> {
  const { message, detail } = downloadConsent(plan, vscode.env.language, vscode.l10n);
  const download = vscode.l10n.t('Download');
  return (
    (await vscode.window.showInformationMessage(message, { modal: true, detail }, download)) === download
  );
}

/** @returns undefined after a cancellation, or a failure that the user was told of and does not want to retry. */
async function untilGivenUp<T>(attempt: () => Thenable<T>): Promise<T | undefined> {
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      const message = requestError(error);
      if (message === undefined) return undefined;
      const retry = vscode.l10n.t('Retry');
      const chosen = await vscode.window.showErrorMessage(
        message,
        ...(isWorthRetrying(error) ? [retry] : []),
      );
      if (chosen !== retry) return undefined;
    }
  }
}
