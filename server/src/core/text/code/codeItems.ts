/**
 * What code holds for readers: comments to the end of their line (`line`) and others (`block`, and `rest` where a long
 * one goes on), strings that document something (`doc`), and other strings.
 */
export type CodeItemKind = 'line' | 'block' | 'rest' | 'doc' | 'string';
