// What tests/services/run does: starts services, runs a command with their addresses in its environment, stops them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';

import { Edge } from './edge.mjs';
import { Postgres } from './postgres.mjs';
import { Redis } from './redis.mjs';
import { RedisCluster } from './redis_cluster.mjs';
import { RedisSentinel } from './redis_sentinel.mjs';
import { S3 } from './s3.mjs';

const known = ['s3', 'edge', 'postgres', 'redis'];
const usage = 'usage: tests/services/run [s3] [edge] [postgres] [redis] -- COMMAND...';

function parse(args) {
    const at = args.indexOf('--');
    const services = args.slice(0, at);
    const command = args.slice(at + 1);
    const isKnown = services.every((name) => known.includes(name));
    if (at < 1 || !isKnown || command.length === 0) {
        console.error(usage);
        process.exit(2);
    }
    return { services, command };
}

/** The status of the command as a shell gives it. What would end this process is passed on to it and waited for. */
async function run([name, ...args], environment) {
    const child = spawn(name, args, {
        stdio: 'inherit',
        env: { ...process.env, ...environment },
    });
    for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    // A terminal sends this one to both.
    process.on('SIGINT', () => {});
    try {
        const [code, signal] = await once(child, 'exit');
        return code ?? 128 + constants.signals[signal];
    } catch (error) {
        console.error(`tests/services/run: ${error.message}`);
        return 127;
    }
}

const { services, command } = parse(process.argv.slice(2));
const started = [];
try {
    if (services.includes('postgres')) started.push(await Postgres.start({}, { tls: true }));
    if (services.includes('redis')) {
        const several = [RedisSentinel, RedisCluster];
        const encrypted = several.map((each) => each.start({ tls: true }));
        started.push(...(await Promise.all([Redis.start(), ...several.map((each) => each.start()), ...encrypted])));
    }
    if (services.includes('s3') || services.includes('edge')) {
        const s3 = await S3.start();
        started.push(s3);
        if (services.includes('edge')) started.push(await Edge.start(s3));
    }
    const environment = Object.assign({}, ...started.map((service) => service.environment));
    process.exitCode = await run(command, environment);
} catch (error) {
    console.error(`tests/services/run: ${error.message}`);
    process.exitCode = 1;
} finally {
    for (const service of started.reverse()) await service.stop();
}
process.exit();
