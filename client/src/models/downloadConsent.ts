import type { DownloadPlan } from '../../../server/src/protocol/models';
import type { Localization } from '../localization';
import { fileNames, formatBytes } from './modelText';

/** As many digits of a commit as are usually shown. */
const commitDigits = 7;

/** What a person has to know before a download. @param locale a BCP 47 tag, for the sizes */
export function downloadConsent(
  plan: DownloadPlan,
  locale: string,
  l10n: Localization,
): { readonly message: string; readonly detail: string } {
  const { model, bytes, missingBytes, files, host, commit, folder } = plan;
  const size = formatBytes(missingBytes, locale);
  const lines = [
    missingBytes === bytes
      ? l10n.t('Size: {0}', size)
      : l10n.t('Size: {0}; the rest of {1} is here already', size, formatBytes(bytes, locale)),
    l10n.t('Files: {0}', fileNames(files, l10n)),
    l10n.t('Licence: {0}', model.licence ?? l10n.t('not stated')),
    l10n.t('Source: {0}, revision {1}', host, commit.slice(0, commitDigits)),
    l10n.t('Goes to: {0}', folder),
  ];
  return { message: l10n.t('Download “{0}”?', model.title), detail: lines.join('\n') };
}
