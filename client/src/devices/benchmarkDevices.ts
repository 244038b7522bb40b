import * as vscode from 'vscode';
import { BenchmarkDevicesRequest } from '../../../server/src/protocol/models';
import { showRequestError } from '../server/requestError';
import type { ServerSession } from '../server/serverSession';
import { deviceTable } from './deviceTable';

const scheme = 'subtext-devices';

/** Measures every device, and shows the figures as a table in a document that nobody has to save. */
export class DeviceBenchmark {
  readonly #session: ServerSession;
  readonly #changes = new vscode.EventEmitter<vscode.Uri>();
  readonly #provider: vscode.Disposable;
  readonly #uri = vscode.Uri.from({ scheme, path: `/${vscode.l10n.t('Devices')}.md` });
  #table = '';

  constructor(session: ServerSession) {
    this.#session = session;
    this.#provider = vscode.workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changes.event,
      provideTextDocumentContent: () => this.#table,
    });
  }

  async run(): Promise<void> {
    const options = {
      location: vscode.ProgressLocation.Notification,
      title: vscode.l10n.t('Measuring the devices'),
      cancellable: true,
    };
    try {
      await this.#session.start();
      const measurements = await vscode.window.withProgress(options, (_progress, token) =>
        this.#session.ask(BenchmarkDevicesRequest.type, token),
      );
      this.#table = deviceTable(measurements, vscode.env.language, vscode.l10n);
      this.#changes.fire(this.#uri);
      await vscode.commands.executeCommand('markdown.showPreview', this.#uri);
    } catch (error) {
      showRequestError(error);
    }
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changes.dispose();
  }
}
