// What a server counts of itself.
import { http } from './people.mjs';

/** The number of a line of /metrics, such as `banter_connections{kind="http"}`. */
export async function metric(server, line) {
    const { text } = await http(server, 'GET', '/metrics');
    return Number(new RegExp(`^${line.replaceAll(/[{}"]/g, '\\$&')} (\\d+)$`, 'm').exec(text)?.[1]);
}
