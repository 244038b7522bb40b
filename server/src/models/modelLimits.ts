/*
 * What the files of a model may say. All limits are far above what published models have, and below what would cost
 * time or memory that nobody expects: numbers become sizes of lists and tensors.
 */

/** Of tokens or texts; each one costs a score a token. */
export const mostLabels = 10_000;
/** Vocabularies of hundreds of languages have a million entries. */
export const mostVocabulary = 10_000_000;
/** The largest language models have some ten thousand. */
export const mostHiddenSize = 100_000;
/** A window has far fewer; models without a limit say a million or more. */
export const mostPositions = 100_000_000;
/** Those of large vocabularies take some 40 MB. */
export const mostTokenizerBytes = 250e6;
/** Of a graph, as the catalogue tells it. */
export const mostMegabytes = 1_000_000;
/** Of a list in a JSON file. */
export const mostItems = 10_000;
/** Of a name, label, token or note in a JSON file. */
export const mostCharacters = 2_000;
