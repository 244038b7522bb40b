import { type Markdown, markdown, markdownTable } from '../../../server/src/core/surfaces/markdown';
import type { DeviceMeasurement } from '../../../server/src/protocol/models';
import type { Localization } from '../localization';

/** Differences are small, and their size is what matters. */
const differenceDigits = 1;

/**
 * A Markdown document: a table with one line a measurement, and below it what there is to say of some, which is
 * too long for a table.
 *
 * @param locale a BCP 47 tag, for the numbers
 */
export function deviceTable(
  measurements: readonly DeviceMeasurement[],
  locale: string,
  l10n: Localization,
): Markdown {
  const whole = new Intl.NumberFormat(locale, { maximumFractionDigits: 0 });
  const header = [
    l10n.t('Device'),
    l10n.t('Hardware'),
    l10n.t('Precision'),
    l10n.t('Model'),
    l10n.t('Loading (ms)'),
    l10n.t('Tokens/s'),
    l10n.t('Difference from CPU'),
    l10n.t('Result'),
  ];
  const rows = measurements.map((one) => [
    one.device,
    one.hardware ?? '',
    one.precision,
    one.model,
    one.loadMilliseconds === undefined ? '' : whole.format(one.loadMilliseconds),
    one.tokensPerSecond === undefined ? '' : whole.format(one.tokensPerSecond),
    one.difference === undefined ? '' : toDifference(one.difference),
    statusName(one.status, l10n),
  ]);
  const rule = ['---', '---', '---', '---', '---:', '---:', '---:', '---'] as const;
  const table = markdownTable(
    header.map(markdown.escape),
    rule,
    rows.map((row) => row.map(markdown.escape)),
  );
  const remarks = measurements.flatMap(({ device, model, message, weightSign }) => [
    ...(weightSign === undefined ? [] : [`${device}: ${signName(weightSign, l10n)}`]),
    ...(message === undefined ? [] : [`${device}, ${model}: ${message}`]),
  ]);
  const list = [...new Set(remarks)].map((remark) => markdown.text`- ${markdown.escape(remark)}\n`);
  const title = markdown.text`# ${markdown.escape(l10n.t('Devices'))}\n`;
  return markdown.join([title, table, ...(list.length === 0 ? [] : [markdown.join(list, '')])], '\n');
}

const signName = (sign: NonNullable<DeviceMeasurement['weightSign']>, l10n: Localization): string =>
  sign === 'signed'
    ? l10n.t('Products with signed 8-bit weights are exact, so weights are used as they are.')
    : l10n.t(
        'Products with signed 8-bit weights saturate, so they are used as unsigned ones: exact, and somewhat slower.',
      );

const toDifference = (difference: number): string =>
  difference === 0 ? '0' : difference.toExponential(differenceDigits);

function statusName(status: DeviceMeasurement['status'], l10n: Localization): string {
  switch (status) {
    case 'ok':
      return l10n.t('works');
    case 'unavailable':
      return l10n.t('not available');
    case 'wrong':
      return l10n.t('computes something else than the CPU');
    case 'crashed':
      return l10n.t('crashed');
  }
}
