/** One line of the table. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  /** `ms`, `MB`, `%`, `/s` or `×`. */
  readonly unit: string;
  /** What is aimed at; a figure without one is there to explain others. */
  readonly aim?: { readonly atMost: number } | { readonly atLeast: number };
}

export interface BenchOptions {
  /** Few repetitions: to see whether a bench works. */
  readonly quick: boolean;
  /** Numbers of threads for inference to compare with other programs at. */
  readonly threads: readonly number[];
  /** Further options of Node.js for the server process, for instance `--cpu-prof`. */
  readonly serverArgs: readonly string[];
  /** For the person who waits. */
  progress(message: string): void;
}

export interface Bench {
  readonly name: string;
  /** What is measured, in a few words. */
  readonly title: string;
  run(options: BenchOptions): Promise<readonly Figure[]>;
}
