import { createScanner } from 'jsonc-parser';

/**
 * Deepest nesting of lists and objects in JSON that is read. Files of ours need four levels, those of models and
 * datasets about ten; parsers that call themselves for each level run out of stack at some thousands.
 */
export const mostNesting = 100;

export const nestingProblem = `nested deeper than ${mostNesting} levels`;

/**
 * Where JSON begins to be nested too deeply, as an offset; undefined where it does not. The JSON may be broken, and
 * may have comments: tokens and brackets are matched as the parsers of jsonc-parser do, which are then safe to use.
 */
export function tooDeepAt(text: string): number | undefined {
  const scanner = createScanner(text, true);
  const closing: string[] = [];
  for (;;) {
    scanner.scan();
    const offset = scanner.getTokenOffset();
    const sign = text.charAt(offset);
    if (sign === '') return undefined;
    if (sign === '[' || sign === '{') {
      if (closing.length === mostNesting) return offset;
      closing.push(sign === '[' ? ']' : '}');
    } else if (sign === closing.at(-1)) {
      closing.pop();
    }
  }
}
