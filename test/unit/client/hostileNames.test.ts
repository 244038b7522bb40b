import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { LSPErrorCodes, ResponseError } from 'vscode-languageserver-protocol';
import {
  agreesTo,
  runNotified,
  showError,
  showInformation,
  showWarning,
} from '../../../client/src/notifications';
import { createLanguageClient } from '../../../client/src/server/languageClient';
import { showRequestError } from '../../../client/src/server/requestError';
import { label } from '../../../server/src/core/surfaces/label';
import { expectLabel, hostileName } from '../../support/hostile';
import { window } from './fakeEditor';

const clients: { readonly markdown?: unknown }[] = [];

vi.mock('vscode', () => import('./fakeEditor'));
vi.mock('vscode-languageclient/node', async () => ({
  ...(await import('vscode-languageserver-protocol')),
  LanguageClient: class {
    constructor(_id: string, _name: string, _server: unknown, options: { readonly markdown?: unknown }) {
      clients.push(options);
    }
    onDidChangeState(): void {}
  },
  RevealOutputChannelOn: { Never: 4 },
  TransportKind: { ipc: 1 },
}));

it('notifications show text, whatever they quote', async () => {
  await fc.assert(
    fc.asyncProperty(hostileName, async (hostile) => {
      window.reset();
      await showInformation(`“${hostile}” is removed.`);
      await showWarning(hostile);
      await showError(hostile);
      showRequestError(new ResponseError(LSPErrorCodes.RequestFailed, `The Hub says: ${hostile}`));
      await agreesTo({ message: label.escape(hostile), detail: label.escape(hostile) }, 'Download');
      await runNotified(`Downloading “${hostile}”`, async (_token, report) =>
        report({ message: hostile, increment: 1 }),
      );
      expect(window.shown).toHaveLength(5);
      const reported = window.progress.map((step) => (step as { readonly message: string }).message);
      for (const text of [...window.shown.map(({ message }) => message), ...window.titles, ...reported])
        expectLabel(text);
    }),
    { numRuns: 200 },
  );
});

it('a hover runs no command, and shows neither HTML nor icons', () => {
  createLanguageClient('server.js', undefined as never, () => {});
  expect(clients).toHaveLength(1);
  expect(clients[0]?.markdown).toEqual({ isTrusted: false, supportHtml: false, supportThemeIcons: false });
});
