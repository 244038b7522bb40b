import type { ModelTask } from '../../../server/src/core/model';
import type { ModelInfo } from '../../../server/src/protocol/models';
import type { Localization } from '../localization';

/* What people are told of a model, in the words and numbers of their language. */

/** More languages than these are counted. */
const shownLanguages = 3;
/** More files than these are counted. */
const shownFiles = 3;

const sizeUnits = [
  { bytes: 1e9, unit: 'gigabyte', digits: 1 },
  { bytes: 1e6, unit: 'megabyte', digits: 0 },
  { bytes: 1e3, unit: 'kilobyte', digits: 0 },
] as const;

/** A size in decimal units, as the Hub counts. */
export function formatBytes(bytes: number, locale: string): string {
  const { bytes: size, unit, digits } = sizeUnits.find((one) => bytes >= one.bytes) ?? sizeUnits[2];
  const format = new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: digits });
  return format.format(bytes / size);
}

export function taskName(task: ModelTask, l10n: Localization): string {
  switch (task) {
    case 'entities':
      return l10n.t('Entities');
    case 'sentiment':
      return l10n.t('Sentiment');
    case 'fillMask':
      return l10n.t('Fill-mask');
  }
}

export const taskNames = (tasks: readonly ModelTask[], l10n: Localization): string =>
  tasks.map((task) => taskName(task, l10n)).join(', ');

/** The first of a model's languages by name, and how many there are besides; empty where none is known. */
export function languageNames(languages: readonly string[], locale: string, l10n: Localization): string {
  const names = new Intl.DisplayNames(locale, { type: 'language' });
  return shorten(
    languages.map((language) => languageName(language, names)),
    shownLanguages,
    l10n,
  );
}

/** The largest files by path, and how many there are besides. */
export function fileNames(
  files: readonly { readonly path: string; readonly bytes: number }[],
  l10n: Localization,
): string {
  const largestFirst = files.toSorted((a, b) => b.bytes - a.bytes).map(({ path }) => path);
  return shorten(largestFirst, shownFiles, l10n);
}

/** Folders of the user come without a word about their licence, and need none. */
export const licenceText = ({ licence, source }: ModelInfo, l10n: Localization): string | undefined =>
  licence ?? (source === 'folder' ? undefined : l10n.t('licence not stated'));

function shorten(names: readonly string[], count: number, l10n: Localization): string {
  const shown = names.slice(0, count).join(', ');
  return names.length > count ? l10n.t('{0} and {1} more', shown, names.length - count) : shown;
}

/** Repositories name languages in their own ways: what is no language tag is shown as it is. */
function languageName(language: string, names: Intl.DisplayNames): string {
  try {
    return names.of(language) ?? language;
  } catch {
    return language;
  }
}
