/** The run as a picture: how fast each target is on each benchmark, as a multiple of one of them, on a logarithmic axis. Its own few lines: a library for charts in a file would be larger than all of the bench. */
const [LEFT, TOP, BAR, GAP, WIDTH, DECADES] = [190, 64, 9, 12, 620, 4];
const COLOURS = ['#3b5bdb', '#0f766e', '#b45309', '#9d174d', '#4d7c0f', '#6d28d9', '#475569', '#be123c', '#0369a1', '#a16207', '#15803d', '#7c2d12', '#334155'];

/** @param {string} text */
const escaped = (text) => text.replace(/[&<>"]/g, (character) => `&#${String(character.charCodeAt(0))};`);

/** @param {readonly import('./ratios.mjs').Result[]} results @param {readonly string[]} targets @param {string} base @param {string} caption */
export function plot(results, targets, base, caption) {
  const shown = results.filter(({ seconds }) => (seconds[base] ?? 0) > 0);
  const x = (/** @type {number} */ ratio) => LEFT + WIDTH * Math.min(1, Math.max(0, (Math.log10(ratio) + DECADES / 2) / DECADES));
  /** @type {string[]} */
  const marks = [];
  let y = TOP;
  for (const { name, seconds } of shown) {
    const present = targets.filter((target) => target !== base && (seconds[target] ?? 0) > 0);
    marks.push(`<text x="${String(LEFT - 8)}" y="${String(y + (present.length * BAR) / 2 + 4)}" text-anchor="end">${escaped(name)}</text>`);
    for (const target of present) {
      const ratio = (seconds[base] ?? NaN) / (seconds[target] ?? NaN);
      const [from, to] = [x(1), x(ratio)].toSorted((a, b) => a - b);
      marks.push(`<rect x="${String(from)}" y="${String(y)}" width="${Math.max(1, (to ?? 0) - (from ?? 0)).toFixed(1)}" height="${String(BAR - 1)}" fill="${COLOURS[targets.indexOf(target) % COLOURS.length] ?? ''}"><title>${escaped(`${target}: ${ratio.toFixed(2)} times ${base} on ${name}`)}</title></rect>`);
      y += BAR;
    }
    y += GAP;
  }
  const axis = Array.from({ length: DECADES + 1 }, (_, n) => 10 ** (n - DECADES / 2)).map((value) =>
    `<line x1="${String(x(value))}" x2="${String(x(value))}" y1="${String(TOP - 6)}" y2="${String(y)}" stroke="${value === 1 ? '#111' : '#ccc'}"/><text x="${String(x(value))}" y="${String(TOP - 10)}" text-anchor="middle">${String(value)}</text>`);
  const legend = targets.filter((target) => target !== base).map((target, n) => {
    const at = [LEFT + (n % 3) * 210, y + 16 + Math.floor(n / 3) * 18];
    return `<rect x="${String(at[0])}" y="${String(at[1])}" width="12" height="12" fill="${COLOURS[targets.indexOf(target) % COLOURS.length] ?? ''}"/><text x="${String((at[0] ?? 0) + 18)}" y="${String((at[1] ?? 0) + 10)}">${escaped(target)}</text>`;
  });
  const height = y + 30 + Math.ceil(targets.length / 3) * 18;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${String(LEFT + WIDTH + 30)}" height="${String(height)}" font-family="sans-serif" font-size="12">
<rect width="100%" height="100%" fill="#fff"/><text x="16" y="22" font-size="15">Speed as a multiple of ${escaped(base)} (longer to the right: faster)</text><text x="16" y="40" fill="#555">${escaped(caption)}</text>
${[...axis, ...marks, ...legend].join('\n')}
</svg>
`;
}
