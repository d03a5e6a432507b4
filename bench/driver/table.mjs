// Medians, spreads and the table.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** "1,234 (1,200 to 1,300)": the median and what it lies between. */
export function spread(values, digits = 0) {
  if (values.length === 1) return number(values[0], digits);
  const low = number(Math.min(...values), digits);
  return `${number(median(values), digits)} (${low} to ${number(Math.max(...values), digits)})`;
}

export function number(value, digits = 0) {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A line of the result: ratio and verdict are worked out of the medians. */
export function atLeast(row, what, ours, peer, peerName, factor, digits = 0) {
  const ratio = median(ours) / median(peer);
  return {
    row, what, value: spread(ours, digits), beside: `${peerName}: ${spread(peer, digits)}`,
    ratio: `${ratio.toFixed(2)} x`, target: factor === null ? '' : `at least ${factor} x`,
    verdict: factor === null ? '' : verdict(ratio >= factor),
  };
}

/** As above, for a value that has an absolute bound. */
export function atMost(row, what, ours, bound, unit, beside, digits = 1) {
  return {
    row, what: `${what}, ${unit}`, value: spread(ours, digits), beside,
    ratio: bound === 0 ? '' : `${(median(ours) / bound).toFixed(2)} x`, target: `at most ${bound} ${unit}`,
    verdict: verdict(median(ours) <= bound),
  };
}

function verdict(good) { return good ? 'met' : '**falls short**'; }

export function markdown(lines) {
  const head = ['', 'what', 'Banter', 'beside it, in the same run', 'ratio', 'target', 'verdict'];
  const rows = lines.map((line) => [
    line.row, line.what, line.value, line.beside, line.ratio, line.target, line.verdict,
  ]);
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
