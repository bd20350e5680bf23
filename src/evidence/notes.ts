/** Remarks that evidence holds. */
const MAX_NOTES = 200;

/** Remarks without repetitions, as many as evidence holds; where there are too many, the last one stays. */
export function collectNotes(notes: readonly string[]): readonly string[] {
  const distinct = [...new Set(notes)];
  const last = distinct.at(-1);
  return last === undefined || distinct.length <= MAX_NOTES
    ? distinct
    : [...distinct.slice(0, MAX_NOTES - 1), last];
}
