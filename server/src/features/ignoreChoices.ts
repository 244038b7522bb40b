import { t } from '@vscode/l10n';
import { contextOf } from '../core/ignore/mentionContext';
import { label } from '../core/surfaces/label';
import { RULE_FILE, type RuleChange, type RuleChangeParams, type RuleChoice } from '../protocol/rules';
import type { PlacedMention } from './entities';

/** What could be ignored at a place of a document. */
export interface IgnoredThing {
  readonly uri: string;
  readonly languageId: string;
  readonly mention: PlacedMention | undefined;
  /** The text of a sentence that is reported for how it sounds. */
  readonly sentence: string | undefined;
}

/** In a stable order. */
export function frequentChoices(
  { uri, mention, sentence }: IgnoredThing,
  writesSettings: boolean,
): readonly RuleChoice[] {
  const choices: RuleChoice[] = [];
  const choice = (title: string, target: RuleChangeParams['target'], change: RuleChange) =>
    choices.push({ title: label.escape(title), params: { uri, target, change } });
  const text = mention ? nameOf(mention) : '';
  if (mention) {
    choice(t('Ignore “{0}” only here ({1})', text, RULE_FILE), 'workspace', {
      kind: 'ignoreMention',
      text,
      type: mention.mention.type,
      ...contextOf(mention.sentence.text, mention.mention),
    });
  }
  if (sentence !== undefined) {
    choice(t('Ignore this sentence ({0})', RULE_FILE), 'workspace', {
      kind: 'ignoreSentence',
      text: sentence,
    });
  }
  if (mention) {
    const change = { kind: 'ignoreWord', text } as const;
    choice(t('Ignore “{0}” in this workspace ({1})', text, RULE_FILE), 'workspace', change);
    if (writesSettings) choice(t('Ignore “{0}” in user settings', text), 'user', change);
  }
  return choices;
}

/** In a stable order; all of them write into the rule file. */
export function rareChoices({ uri, languageId, mention }: IgnoredThing): readonly RuleChoice[] {
  const choice = (title: string, change: RuleChange): RuleChoice => ({
    title: label.escape(title),
    params: { uri, target: 'workspace', change },
  });
  const choices = [
    choice(t('Ignore this file ({0})', RULE_FILE), { kind: 'ignoreFile' }),
    choice(t('Ignore all “{0}” files in this workspace ({1})', languageId, RULE_FILE), {
      kind: 'ignoreLanguage',
      languageId,
    }),
  ];
  if (!mention) return choices;
  const text = nameOf(mention);
  const { type } = mention.mention;
  return [
    choice(t('Ignore “{0}” as {1} in this workspace ({2})', text, type, RULE_FILE), {
      kind: 'ignoreWord',
      text,
      type,
    }),
    choice(t('Ignore all {0} in this workspace ({1})', type, RULE_FILE), { kind: 'ignoreType', type }),
    ...choices,
  ];
}

/** As rules compare it: without mark-up. */
const nameOf = ({ mention, sentence }: PlacedMention): string =>
  sentence.text.slice(mention.start, mention.end);
