import * as vscode from 'vscode';
import type { Precision } from '../../../server/src/core/model';
import {
  DownloadModelRequest,
  type DownloadPlan,
  type ModelInfo,
  PlanDownloadRequest,
} from '../../../server/src/protocol/models';
import { agreesTo, runNotified } from '../notifications';
import type { ServerSession } from '../server/serverSession';
import type { AnalysisState } from '../state/analysisState';
import { askForPrecision } from './askForPrecision';
import { modelConsent } from './downloadConsent';
import { withDownloadProgress } from './downloadProgress';
import { untilGivenUp } from './untilGivenUp';

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
  plan(ref: string, token: vscode.CancellationToken, precision?: Precision): Promise<DownloadPlan> {
    return this.#session.request(PlanDownloadRequest.type, { ref, ...(precision && { precision }) }, token);
  }

  /** As `carryOut`, for a model of which no more than the reference is known. */
  async download(ref: string): Promise<ModelInfo | undefined> {
    const running = this.#running.get(ref);
    if (running) return running;
    const plan = await this.#planVisibly(ref);
    return plan && this.carryOut(plan);
  }

  /**
   * Asks for the format, where there are several, and for consent, and downloads.
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

  #planVisibly(ref: string, precision?: Precision): Promise<DownloadPlan | undefined> {
    const title = vscode.l10n.t('Asking what a download of “{0}” would bring', ref);
    return untilGivenUp(() => runNotified(title, (token) => this.plan(ref, token, precision)));
  }

  async #consentAndFetch(first: DownloadPlan): Promise<ModelInfo | undefined> {
    const precision = await askForPrecision(first);
    if (!precision) return undefined;
    const plan = precision === first.precision ? first : await this.#planVisibly(first.model.ref, precision);
    if (!plan) return undefined;
    const { model, commit, bytes, missingBytes } = plan;
    const { ref, title } = model;
    const consent = modelConsent(plan, vscode.env.language, vscode.l10n);
    if (missingBytes > 0 && !(await agreesTo(consent, vscode.l10n.t('Download')))) return undefined;
    const download = { ref, title, receivedBytes: bytes - missingBytes, totalBytes: bytes };
    return untilGivenUp(() =>
      withDownloadProgress(this.#state, download, (token) =>
        this.#session.request(DownloadModelRequest.type, { ref, commit, precision }, token),
      ),
    );
  }
}
