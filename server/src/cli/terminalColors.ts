import pc from 'picocolors';
import type { TerminalText } from '../core/surfaces/terminal';

export type TerminalFormatter = (text: TerminalText) => TerminalText;

/** Colours that lead from text for a terminal to such text. */
export type TerminalColors = Readonly<
  Record<'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'blue' | 'magenta' | 'cyan', TerminalFormatter>
>;

/** The library puts escape sequences around a text and changes nothing in it; it knows no more than strings. */
export const terminalColors = (enabled: boolean): TerminalColors =>
  pc.createColors(enabled) as unknown as TerminalColors;
