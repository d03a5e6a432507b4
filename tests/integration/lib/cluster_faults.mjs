// What happens to a Redis Cluster while people talk: each fault goes on from its `begin`, which is told of the thread
// whose channel it is about, to its `end`, after which the cluster is whole again.
import { until } from './deadline.mjs';

/** So many on each side of a slot go with it. */
const slots_beside = 16;

/** Slots go to another primary and the listeners of the channel after them, and all of it comes back. */
async function moveThereAndBack(redis, channel) {
    const home = await redis.primaryOf(channel.slot);
    const other = await redis.primaryOf((channel.slot + redis.slots / 2) % redis.slots);
    const slots = [];
    for (let slot = channel.slot - slots_beside; slot <= channel.slot + slots_beside; slot++)
        if (slot >= 0 && slot < redis.slots && (await redis.primaryOf(slot)) === home) slots.push(slot);
    for (const [from, to] of [[home, other], [other, home]]) {
        await redis.move(slots, from, to);
        await redis.heardAt(to, channel);
    }
}

/** Goes on moving slots: those around the thread's channel and those around everybody's in turn, once at least. */
function slotsMove(redis) {
    let running;
    let over = false;
    const run = async (thread) => {
        const channels = [await redis.channel(`:t:${thread.id}`), await redis.channel(':all')];
        for (let round = 0; round === 0 || !over; round++)
            await moveThereAndBack(redis, channels[round % channels.length]);
    };
    return {
        redis,
        begin: (_, thread) => {
            running = run(thread);
            // It is told of in the end.
            running.catch(() => {});
        },
        end: () => {
            over = true;
            return running;
        },
    };
}

/** The one that has the thread's channel hands over to its replica, and becomes the primary again in the end. */
function replicaTakesOver(redis) {
    let channel;
    let primary;
    const takeOver = async (node) => {
        await redis.takeOver(node);
        await redis.heardAt(node, channel);
        await redis.ready();
    };
    return {
        redis,
        begin: async (_, thread) => {
            channel = await redis.channel(`:t:${thread.id}`);
            primary = await redis.primaryOf(channel.slot);
            await takeOver(await redis.replicaOf(primary));
        },
        end: () => takeOver(primary),
    };
}

function primaryIsKilled(redis) {
    let slot;
    let primary;
    return {
        redis,
        begin: async (_, thread) => {
            ({ slot } = await redis.channel(`:t:${thread.id}`));
            primary = await redis.primaryOf(slot);
            await primary.daemon.kill9();
        },
        end: async () => {
            const isReplaced = async () => (await redis.primaryOf(slot)) !== primary || undefined;
            await until(isReplaced, 'a replica that takes over');
            primary.daemon.start();
            await redis.ready();
        },
    };
}

/** By what happens, each with the `redis` that it happens to. */
export const clusterFaults = (redis) => ({
    'slots of a Redis Cluster move': slotsMove(redis),
    'a replica of a Redis Cluster takes over': replicaTakesOver(redis),
    'a primary of a Redis Cluster is killed': primaryIsKilled(redis),
});
