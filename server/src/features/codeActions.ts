import { t } from '@vscode/l10n';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  type Diagnostic,
} from 'vscode-languageserver';
import { ignoreLineComment } from '../core/ignore/ignoreLineComment';
import { toOffset } from '../protocol/ranges';
import { CHANGE_RULES_COMMAND, RULE_FILE, type RuleChange, type RuleChangeParams } from '../protocol/rules';
import type { RulesStore } from '../rules/rulesStore';
import type { DocumentSession } from '../scheduling/documentSession';
import type { FeatureContext } from './context';
import { SOURCE } from './diagnostics';
import { entityAt, entityText } from './entities';
import { runSafe } from './runSafe';

/** Offers to ignore what is reported at the cursor. */
export function registerCodeActions(
  { connection, documents, options, logger }: FeatureContext,
  rules: RulesStore,
): void {
  connection.onCodeAction((params, token) =>
    runSafe<CodeAction[]>('Code actions', logger, token, [], async () => {
      const session = await documents.find(params.textDocument.uri);
      await session?.ready();
      if (!session || !asksForFixes(params)) return [];
      return computeCodeActions(session, params, {
        hasRuleFile: rules.fileOf(params.textDocument.uri) !== undefined,
        writesSettings: options.rules ?? false,
      });
    }),
  );
}

const asksForFixes = ({ context: { only } }: CodeActionParams): boolean =>
  !only || only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix);

interface Places {
  readonly hasRuleFile: boolean;
  readonly writesSettings: boolean;
}

/**
 * In this order: the name, the name as this type, the name in user settings, the line, the type. Where nothing is
 * reported as a diagnostic they come on request only, so that no light bulb appears at every name.
 */
export function computeCodeActions(
  session: DocumentSession,
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
  { hasRuleFile, writesSettings }: Places,
): CodeAction[] {
  const { uri, positions } = session.document;
  const diagnostics = context.diagnostics.filter(({ source, code }) => source === SOURCE && code !== 'rules');
  if (diagnostics.length === 0 && context.triggerKind === CodeActionTriggerKind.Automatic) return [];
  const entity = entityAt(session, toOffset(positions, range.start));
  if (!entity && diagnostics.length === 0) return [];
  const action = (title: string, target: RuleChangeParams['target'], change: RuleChange): CodeAction => {
    const params: RuleChangeParams = { uri, target, change };
    const command = { title, command: CHANGE_RULES_COMMAND, arguments: [params] };
    return { title, kind: CodeActionKind.QuickFix, diagnostics, command };
  };
  const actions: (CodeAction | undefined)[] = [];
  const { type } = entity ?? { type: '' };
  const text = entity ? entityText(session, entity) : '';
  if (entity && hasRuleFile) {
    actions.push(
      action(t('Ignore “{0}” in this workspace ({1})', text, RULE_FILE), 'workspace', {
        kind: 'ignoreWord',
        text,
      }),
      action(t('Ignore “{0}” as {1} in this workspace ({2})', text, type, RULE_FILE), 'workspace', {
        kind: 'ignoreWord',
        text,
        type,
      }),
    );
  }
  if (entity && writesSettings)
    actions.push(action(t('Ignore “{0}” in user settings', text), 'user', { kind: 'ignoreWord', text }));
  actions.push(ignoreLine(session, range.start.line, diagnostics));
  if (entity && hasRuleFile) {
    actions.push(
      action(t('Ignore all {0} in this workspace ({1})', type, RULE_FILE), 'workspace', {
        kind: 'ignoreType',
        type,
      }),
    );
  }
  return actions.filter((one) => one !== undefined);
}

function ignoreLine(
  { document: { uri, languageId, positions } }: DocumentSession,
  line: number,
  diagnostics: Diagnostic[],
): CodeAction | undefined {
  const newText = ignoreLineComment(languageId);
  if (newText === undefined) return undefined;
  const written = positions.getText({ start: { line, character: 0 }, end: { line: line + 1, character: 0 } });
  const end = { line, character: written.replace(/[\r\n]+$/u, '').length };
  const edit = { changes: { [uri]: [{ range: { start: end, end }, newText }] } };
  return {
    title: t('Ignore this line (comment in this file)'),
    kind: CodeActionKind.QuickFix,
    diagnostics,
    edit,
  };
}
