// The load generator and what it reports.

import { Running, loadCore, run } from './process.mjs';

function flags(options) {
  return Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
}

/** Traffic against `address`; the options are those of bench_load. Throws unless every delivery came. */
export async function traffic(place, address, options) {
  const command = [place.program('bench_load'), 'traffic', '--connect', address, ...flags(options)];
  return JSON.parse(await run(command, loadCore));
}

/** Idle sessions that are held until `release` is called. */
export async function idle(place, address, options) {
  const running = new Running(
    [place.program('bench_load'), 'idle', '--connect', address, ...flags(options)], loadCore,
  );
  await running.printed(/^ready$/m);
  return {
    async release() {
      running.child.stdin.end();
      const { code } = await running.ended;
      if (code !== 0) throw new Error(`idle sessions were lost: ${running.output}${running.errors}`);
    },
  };
}
