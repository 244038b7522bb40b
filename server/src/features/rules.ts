import { t } from '@vscode/l10n';
import {
  type Diagnostic,
  DiagnosticSeverity,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  LSPErrorCodes,
  ResponseError,
  type WorkspaceEdit,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { logFailure } from '../core/logFailure';
import { EngineError } from '../core/ports';
import { label } from '../core/surfaces/label';
import { toRange } from '../protocol/ranges';
import {
  CHANGE_RULES_COMMAND,
  RULE_FILE,
  type RuleChangeParams,
  RulesChangedNotification,
  type RulesChangedParams,
} from '../protocol/rules';
import { appendToList, invertEdits } from '../rules/ruleEdits';
import type { RuleProblem } from '../rules/ruleFile';
import type { RulesStore } from '../rules/rulesStore';
import type { FeatureContext } from './context';
import { toAddition } from './ruleAdditions';
import { answerUser } from './userRequest';

/** The folders that a client works in, as URIs. */
export const foldersOf = ({ workspaceFolders, rootUri }: InitializeParams): string[] =>
  workspaceFolders?.map(({ uri }) => uri) ?? (rootUri ? [rootUri] : []);

/** Follows the rule files of the workspace, and writes into them what users ask for. */
export function registerRules(context: FeatureContext, rules: RulesStore): void {
  const { connection, logger } = context;
  connection.onDidChangeWatchedFiles(({ changes }) => {
    if (changes.some(({ uri }) => uri.endsWith(`/${RULE_FILE}`))) refresh(context, rules);
  });
  connection.onExecuteCommand(({ command, arguments: [params] = [] }, token) => {
    if (command !== CHANGE_RULES_COMMAND)
      return new ResponseError<void>(LSPErrorCodes.RequestFailed, `Unknown command ${command}.`);
    return answerUser(token, logger, () => changeRules(context, rules, params as RuleChangeParams));
  });
}

/** Asks to be told of changed rule files and folders. To be called once the client is initialized. */
export async function watchRules(context: FeatureContext, rules: RulesStore): Promise<void> {
  const { connection, capabilities, logger } = context;
  if (capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration) {
    const watching = connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: [{ globPattern: `**/${RULE_FILE}` }],
    });
    await logFailure(watching, 'The client does not tell of changed rule files.', logger);
  }
  if (!capabilities.workspace?.workspaceFolders) return;
  connection.workspace.onDidChangeWorkspaceFolders(async () => {
    const folders = await connection.workspace.getWorkspaceFolders();
    rules.setFolders(folders?.map(({ uri }) => uri) ?? []);
    refresh(context, rules);
  });
}

function refresh({ documents, logger }: FeatureContext, rules: RulesStore): void {
  rules.refresh();
  void logFailure(documents.refreshSettings(), 'The rules could not be applied.', logger);
}

/** What is wrong in a rule file, as its diagnostics. */
export function toRuleDiagnostics(text: string, problems: readonly RuleProblem[]): Diagnostic[] {
  const document = TextDocument.create('', 'jsonc', 0, text);
  return problems.map(({ message, ...span }) => ({
    range: toRange(document, span),
    severity: DiagnosticSeverity.Warning,
    source: 'subtext',
    code: 'rules',
    message: label.escape(message),
  }));
}

async function changeRules(
  context: FeatureContext,
  rules: RulesStore,
  { uri, target, change }: RuleChangeParams,
): Promise<void> {
  const { connection } = context;
  if (target === 'user') {
    if (change.kind !== 'ignoreWord') throw new EngineError(t('Only words can be ignored in user settings.'));
    announce(context, { target, word: change.text, message: t('“{0}” is ignored everywhere.', change.text) });
    return;
  }
  const file = rules.fileOf(uri);
  if (file === undefined)
    throw new EngineError(
      t('This document is in no folder of the workspace, so there is no place for {0}.', RULE_FILE),
    );
  const open = await context.documents.find(file);
  const text = open ? open.document.getText() : await rules.readText(file);
  const { path, values, message } = toAddition(change, rules.pathOf(uri));
  const edits = text === undefined ? undefined : appendToList(text, path, values);
  if (text === undefined || !edits)
    throw new EngineError(t('{0} has errors. Correct them first.', RULE_FILE));
  if (edits.length === 0) throw new EngineError(t('This is in {0} already.', RULE_FILE));
  const before = TextDocument.create(file, 'jsonc', 0, text);
  const textEdits = edits.map(({ text: newText, ...span }) => ({ range: toRange(before, span), newText }));
  const textDocument = { uri: file, version: null };
  const edit: WorkspaceEdit = {
    documentChanges: [
      ...(text === '' ? [{ kind: 'create' as const, uri: file, options: { ignoreIfExists: true } }] : []),
      { textDocument, edits: textEdits },
    ],
  };
  const { applied, failureReason } = await connection.workspace.applyEdit({
    label: label.escape(message),
    edit,
  });
  if (!applied)
    throw new EngineError(t('{0} could not be changed. {1}', RULE_FILE, failureReason ?? '').trim());
  const after = TextDocument.create(file, 'jsonc', 0, TextDocument.applyEdits(before, textEdits));
  const undo = invertEdits(text, edits).map(({ text: newText, ...span }) => ({
    range: toRange(after, span),
    newText,
  }));
  announce(context, { target, uri: file, message, undo });
}

function announce({ connection, options, logger }: FeatureContext, params: RulesChangedParams): void {
  if (!options.rules) return;
  void logFailure(
    connection.sendNotification(RulesChangedNotification.type, params),
    'A change of rules could not be told of.',
    logger,
  );
}
