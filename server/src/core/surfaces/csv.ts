import { writeOutControls } from './controls';
import { createSurface, type SurfaceText } from './surface';

/** A field, or lines of fields, as RFC 4180 has it. */
export type Csv = SurfaceText<'csv'>;

/** What spreadsheets take for a formula, whatever is quoted around it. A sign by itself and a number are none. */
const isFormula = (text: string): boolean =>
  /^[=+\-@\t\r＝＋－＠]./su.test(text) && !/^[+-]?\d+(?:\.\d+)?$/u.test(text);

/** Other programs divide fields by semicolons or tabs. */
const needsQuotes = /[",;\t\r\n]/u;

const csv = createSurface<Csv>((text) => {
  const visible = writeOutControls(text);
  const inert = isFormula(visible) ? `'${visible}` : visible;
  return needsQuotes.test(inert) ? `"${inert.replaceAll('"', '""')}"` : inert;
});

/** Lines of fields. */
export const toCsv = (rows: readonly (readonly (string | number | boolean)[])[]): Csv =>
  csv.join(
    rows.map(
      (row) =>
        csv.text`${csv.join(
          row.map((field) => csv.escape(String(field))),
          ',',
        )}\r\n`,
    ),
    '',
  );
