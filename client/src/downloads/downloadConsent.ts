import { label } from '../../../server/src/core/surfaces/label';
import type { CudaPlan, DownloadPlan } from '../../../server/src/protocol/models';
import type { Localization } from '../localization';
import { fileNames, formatBytes } from '../models/modelText';
import type { Question } from '../notifications';

/** As many digits of a commit as are usually shown. */
const commitDigits = 7;

/** @param locale a BCP 47 tag, for the sizes */
export function modelConsent(plan: DownloadPlan, locale: string, l10n: Localization): Question {
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
  return toQuestion(l10n.t('Download “{0}”?', model.title), lines);
}

/** @param locale a BCP 47 tag, for the size */
export function cudaConsent(plan: CudaPlan, locale: string, l10n: Localization): Question {
  const lines = [
    l10n.t('Size: {0}', formatBytes(plan.bytes, locale)),
    l10n.t('Package: {0} {1}', plan.package, plan.version),
    l10n.t('Licence: {0}', plan.licence ?? l10n.t('not stated')),
    l10n.t('Source: {0}', plan.host),
    l10n.t('Goes to a folder of Subtext; nothing else on this machine is changed.'),
  ];
  return toQuestion(l10n.t('Install CUDA support?'), lines);
}

const toQuestion = (message: string, lines: readonly string[]): Question => ({
  message: label.escape(message),
  detail: label.join(lines.map(label.escape), '\n'),
});
