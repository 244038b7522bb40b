import type { InspectTokensResult, ModelInspection } from '../../../server/src/protocol/protocol';
import type { Localization } from '../localization';
import { taskNames } from '../models/modelText';

type Token = ModelInspection['tokens'][number];

/**
 * What the models see in a sentence, as a Markdown document: a section with a table a model.
 *
 * @param locale a BCP 47 tag, for the numbers
 */
export function tokenTable(
  { sentence, models }: InspectTokensResult,
  locale: string,
  l10n: Localization,
): string {
  const sections = models.map((model) => toSection(model, sentence, locale, l10n));
  return [`# ${l10n.t('Tokens')}\n`, `> ${toCell(sentence)}\n`, ...sections].join('\n');
}

function toSection(
  inspection: ModelInspection,
  sentence: string,
  locale: string,
  l10n: Localization,
): string {
  const { model, tasks, tokens, windows, sentiment } = inspection;
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
  const hasLabels = tokens.some(({ labels }) => labels.length > 0);
  const header = [
    '#',
    l10n.t('Token'),
    l10n.t('Id'),
    l10n.t('Offsets'),
    l10n.t('Text'),
    l10n.t('Word'),
    ...(hasLabels ? [l10n.t('Label'), l10n.t('Second label')] : []),
    l10n.t('Remark'),
  ];
  const rule = ['---:', '---', '---:', '---:', '---', '---:', ...(hasLabels ? ['---', '---'] : []), '---'];
  const toLabel = ({ labels }: Token, rank: number): string => {
    const label = labels[rank];
    return label ? `${label.label} ${percent.format(label.score)}` : '';
  };
  const rows = tokens.map((token, i) => [
    String(i),
    token.token,
    String(token.id),
    token.isSpecial ? '' : `${token.start}–${token.end}`,
    token.isSpecial ? '' : sentence.slice(token.start, token.end),
    token.word === null ? '' : String(token.word),
    ...(hasLabels ? [toLabel(token, 0), toLabel(token, 1)] : []),
    remarksOn(token, i, windows, l10n),
  ]);
  const table = [header.map(toCell), rule, ...rows.map((row) => row.map(toCell))]
    .map((cells) => `| ${cells.join(' | ')} |\n`)
    .join('');
  const scores = sentiment.map(({ label, score }) => `${label} ${percent.format(score)}`).join(' · ');
  return [
    `## ${toCell(`${model} (${taskNames(tasks, l10n)})`)}\n`,
    ...(scores === '' ? [] : [`${toCell(l10n.t('Sentiment: {0}', scores))}\n`]),
    table,
  ].join('\n');
}

function remarksOn(
  { isSpecial, isUnknown }: Token,
  index: number,
  windows: ModelInspection['windows'],
  l10n: Localization,
): string {
  const begun = windows.findIndex(({ start }, i) => i > 0 && start === index);
  const ended = windows.findIndex(({ end }, i) => i < windows.length - 1 && end - 1 === index);
  return [
    ...(isSpecial ? [l10n.t('added by the model')] : []),
    ...(isUnknown ? [l10n.t('unknown to the model')] : []),
    ...(begun >= 0 ? [l10n.t('window {0} begins', begun + 1)] : []),
    ...(ended >= 0 ? [l10n.t('window {0} ends', ended + 1)] : []),
  ].join(', ');
}

/** Whatever a document holds, it stays in its place and is no markup. */
const toCell = (text: string): string => text.replace(/[\\`*_~$&[\]<|]/g, '\\$&').replace(/\s+/g, ' ');
