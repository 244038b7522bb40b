import type { DeviceMeasurement } from '../../../server/src/protocol/models';
import type { Localization } from '../localization';

/** Differences are small, and their size is what matters. */
const differenceDigits = 1;

/** A Markdown document with one line a measurement. @param locale a BCP 47 tag, for the numbers */
export function deviceTable(
  measurements: readonly DeviceMeasurement[],
  locale: string,
  l10n: Localization,
): string {
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
    one.difference === undefined ? '' : one.difference.toExponential(differenceDigits),
    [statusName(one.status, l10n), one.message].filter(Boolean).join(': '),
  ]);
  const rule = ['---', '---', '---', '---', '---:', '---:', '---:', '---'];
  const lines = [header.map(toCell), rule, ...rows.map((row) => row.map(toCell))];
  return `# ${l10n.t('Devices')}\n\n${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

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

/** Names and messages come from drivers: whatever they hold, it stays in its cell and is no markup. */
const toCell = (text: string): string => text.replace(/[\\`*_[\]<|]/g, '\\$&').replace(/\s+/g, ' ');
