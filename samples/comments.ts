/**
 * Finds the train that leaves next from a station, as the timetable of Deutsche Bahn has it.
 *
 * The timetable was scanned in Leipzig by Clara Zetkin's great-granddaughter, **by hand**; see
 * [the archive](https://example.org/archive) and {@link Departure}. It is a wonderful piece of work.
 *
 * @param station - Its name in German: `Köln Hbf`, not Cologne.
 * @returns The departure, or nothing after midnight.
 */
export function nextTrain(station: string): Departure | undefined {
  // What follows is the slowest code in Europe, and nobody at the office in Hamburg
  // dares to touch it. 柏林的同事也不敢。 🚂
  for (const departure of timetable) {
    if (departure.station === station) return departure; // Sorted by Angela.
  }
  // if (debug) {
  //   console.log(station);
  // }
  return undefined;
}

interface Departure {
  readonly station: string;
  /** Minutes since midnight in Paris. */
  readonly minute: number;
}

const timetable: readonly Departure[] = [{ station: 'München Ost', minute: 1 }];
