const LEVELS = '▁▂▃▄▅▆▇█';

/** Counts as bars, relative to the highest; an empty bin is a dot, so that few is told from none. */
export function drawSparkline(counts: readonly number[]): string {
  const highest = counts.reduce((most, count) => Math.max(most, count), 0);
  const drawn = counts.map((count) =>
    count === 0 ? '·' : (LEVELS[Math.ceil((count / highest) * LEVELS.length) - 1] ?? '█'),
  );
  return drawn.length === 0 ? '·' : drawn.join('');
}

/** Values over time between their lowest and highest; a value that is not finite is a dot. */
export function drawTrendLine(values: readonly (number | null)[]): string {
  const known = values.filter((value) => value !== null);
  const [low, high] = [Math.min(...known), Math.max(...known)];
  return values
    .map((value) => {
      if (value === null) return '·';
      const share = high === low ? 0.5 : (value - low) / (high - low);
      return LEVELS[Math.min(Math.floor(share * LEVELS.length), LEVELS.length - 1)] ?? '█';
    })
    .join('');
}
