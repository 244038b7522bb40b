/** The files as they ought to be, by their path from the root of the project. */
export function generateManifest(): Promise<Readonly<Record<string, string>>>;
