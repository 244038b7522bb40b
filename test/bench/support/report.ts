import type { Figure } from './bench';

/** The figures of one bench as lines of a table. */
export function formatFigures(figures: readonly Figure[]): string {
  const width = Math.max(...figures.map(({ name }) => name.length));
  return figures
    .map((figure) => {
      const value = `${formatNumber(figure.value)} ${figure.unit}`;
      return `  ${figure.name.padEnd(width)}  ${value.padStart(12)}  ${formatAim(figure)}`.trimEnd();
    })
    .join('\n');
}

/** The figures of one bench as a Markdown table. */
export function formatMarkdown(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => {
    const verdict = { true: 'met', false: 'missed', undefined: '' }[String(meetsAim(figure))];
    return `| ${figure.name} | ${formatNumber(figure.value)} ${figure.unit} | ${formatLimit(figure)} | ${verdict} |`;
  });
  return ['| | measured | aim | |', '| --- | ---: | ---: | --- |', ...rows].join('\n');
}

/** Whether a figure is what was aimed at; undefined where there is no aim. */
export function meetsAim({ value, aim }: Figure): boolean | undefined {
  if (!aim) return undefined;
  return 'atMost' in aim ? value <= aim.atMost : value >= aim.atLeast;
}

function formatAim(figure: Figure): string {
  return figure.aim ? `aim ${formatLimit(figure)}: ${meetsAim(figure) ? 'met' : 'missed'}` : '';
}

function formatLimit({ aim, unit }: Figure): string {
  if (!aim) return '';
  return 'atMost' in aim ? `≤ ${aim.atMost} ${unit}` : `≥ ${aim.atLeast} ${unit}`;
}

const formatNumber = (value: number): string => value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
