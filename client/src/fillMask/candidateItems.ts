import { type Label, label } from '../../../server/src/core/surfaces/label';
import { type FillMaskCandidate, shownScore } from '../../../server/src/protocol/fillMask';

/** A line of the list. */
export interface CandidateItem {
  readonly label: Label;
  readonly description: Label;
  readonly candidate: FillMaskCandidate;
}

/** Cells of the bar that shows a probability at a glance. */
const barCells = 10;
/** Below this a percentage with one decimal would read as zero. */
const smallestShown = 0.001;

/** @param locale a BCP 47 tag, for the number format */
export function toCandidateItems(
  candidates: readonly FillMaskCandidate[],
  locale: string,
): readonly CandidateItem[] {
  const format = new Intl.NumberFormat(locale, {
    style: 'percent',
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
  return candidates.map((candidate) => ({
    label: label.name(candidate.texts.join(' … ')),
    description: leftToRight(`${toBar(shownScore(candidate))} ${toPercent(shownScore(candidate), format)}`),
    candidate,
  }));
}

/** Keeps a word in Arabic or Hebrew from drawing bar and number into its own direction. */
const leftToRight = (text: string): Label => label.text`\u2066${label.escape(text)}\u2069`;

function toPercent(score: number, format: Intl.NumberFormat): string {
  return score > 0 && score < smallestShown ? `< ${format.format(smallestShown)}` : format.format(score);
}

function toBar(score: number): string {
  const filled = Math.round(Math.min(Math.max(score, 0), 1) * barCells);
  return '▰'.repeat(filled) + '▱'.repeat(barCells - filled);
}
