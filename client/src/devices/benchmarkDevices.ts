import * as vscode from 'vscode';
import { BenchmarkDevicesRequest } from '../../../server/src/protocol/models';
import { MarkdownPage } from '../markdownPage';
import { runNotified } from '../notifications';
import { showRequestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import { deviceTable } from './deviceTable';

/** Measures every device, and shows the figures as a table in a document that nobody has to save. */
export class DeviceBenchmark {
  readonly #session: ServerSession;
  readonly #page = new MarkdownPage('subtext-devices', vscode.l10n.t('Devices'));

  constructor(session: ServerSession) {
    this.#session = session;
  }

  async run(): Promise<void> {
    try {
      await this.#session.start();
      const measurements = await runNotified(vscode.l10n.t('Measuring the devices'), (token) =>
        this.#session.ask(BenchmarkDevicesRequest.type, token),
      );
      await this.#page.show(deviceTable(measurements, vscode.env.language, vscode.l10n));
    } catch (error) {
      showRequestError(error);
    }
  }

  dispose(): void {
    this.#page.dispose();
  }
}
