const LINE_WIDTH = 140;
const INDENT = '  ';

/** JSON for people: what fits into a line stands in one, as a person would write it. */
export const formatJson = (value: unknown): string => `${format(value, '', 0)}\n`;

/** @param used columns of the first line that are taken, before and behind the value. */
function format(value: unknown, indent: string, used: number): string {
  const inline = formatInline(value);
  if (typeof value !== 'object' || value === null || indent.length + used + inline.length <= LINE_WIDTH) {
    return inline;
  }
  const inner = indent + INDENT;
  const lines = Array.isArray(value)
    ? value.map((item) => inner + format(item, inner, ','.length))
    : Object.entries(value).map(([key, item]) => {
        const start = `${JSON.stringify(key)}: `;
        return inner + start + format(item, inner, start.length + ','.length);
      });
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  return `${open}\n${lines.join(',\n')}\n${indent}${close}`;
}

function formatInline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(formatInline).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${formatInline(item)}`);
  return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
}
