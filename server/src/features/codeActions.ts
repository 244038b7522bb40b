import { t } from '@vscode/l10n';
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  CodeActionTriggerKind,
  type Diagnostic,
  type Range,
} from 'vscode-languageserver';
import { toOffset } from '../protocol/ranges';
import { CHANGE_RULES_COMMAND, CHOOSE_RULE_COMMAND, type RuleChoice } from '../protocol/rules';
import type { RulesStore } from '../rules/rulesStore';
import type { DocumentSession } from '../scheduling/documentSession';
import { sentenceAt } from '../scheduling/layout';
import { commentActions } from './commentActions';
import type { FeatureContext } from './context';
import { NEGATIVE_SENTENCE, SOURCE } from './diagnostics';
import { placedMentionAt } from './entities';
import { frequentChoices, type IgnoredThing, rareChoices } from './ignoreChoices';
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
        isOurClient: options.rules ?? false,
      });
    }),
  );
}

const asksForFixes = ({ context: { only } }: CodeActionParams): boolean =>
  !only || only.some((kind) => kind === '' || kind === CodeActionKind.QuickFix);

interface Places {
  readonly hasRuleFile: boolean;
  /** Such a client writes user settings, and shows what is chosen rarely in a list of its own. */
  readonly isOurClient: boolean;
}

/**
 * Always in this order: the mention, the sentence, the name in the workspace, the name in user settings, the line or
 * lines, and whatever is chosen rarely. Where nothing is reported as a diagnostic they come on request only, so that
 * no light bulb appears at every name.
 */
export function computeCodeActions(
  session: DocumentSession,
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
  { hasRuleFile, isOurClient }: Places,
): CodeAction[] {
  const diagnostics = context.diagnostics.filter(({ source, code }) => source === SOURCE && code !== 'rules');
  if (diagnostics.length === 0 && context.triggerKind === CodeActionTriggerKind.Automatic) return [];
  const toAction = ({ title, params }: RuleChoice): CodeAction => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics,
    command: { title, command: CHANGE_RULES_COMMAND, arguments: [params] },
  });
  const comments = commentActions(session, range, diagnostics);
  const thing = thingAt(session, range, diagnostics);
  if (!thing) return comments.lines ? [comments.lines] : [];
  const frequent = frequentChoices(thing, isOurClient);
  const choices = hasRuleFile ? frequent : frequent.filter(({ params }) => params.target === 'user');
  const around = comments.lines ?? comments.line;
  const actions = [...choices.map(toAction), ...(around ? [around] : [])];
  if (!hasRuleFile) return [...actions, ...(comments.file ? [comments.file] : [])];
  const rare = rareChoices(thing);
  return [...actions, ...(isOurClient ? [toMore(rare, diagnostics)] : rare.map(toAction))];
}

/** What is reported at the beginning of a range. */
function thingAt(
  session: DocumentSession,
  range: Range,
  diagnostics: readonly Diagnostic[],
): IgnoredThing | undefined {
  const { uri, languageId, positions } = session.document;
  const mention = placedMentionAt(session, toOffset(positions, range.start));
  const reported = diagnostics.find(({ code }) => code === NEGATIVE_SENTENCE);
  const sentence =
    reported && sentenceAt(session.layout, toOffset(positions, reported.range.start))?.sentence.text;
  if (!mention && diagnostics.length === 0) return undefined;
  return { uri, languageId, mention, sentence };
}

function toMore(choices: readonly RuleChoice[], diagnostics: Diagnostic[]): CodeAction {
  const title = t('Ignore more…');
  const command = { title, command: CHOOSE_RULE_COMMAND, arguments: [choices] };
  return { title, kind: CodeActionKind.QuickFix, diagnostics, command };
}
