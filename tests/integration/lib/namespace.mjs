// A small disk of our own: a tmpfs in a mount namespace that a sleeping process keeps alive. Needs
// root.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

import { patience, within } from './deadline.mjs';

/**
 * Mounts `bytes` of tmpfs over `directory`, visible only inside. `inside` is the command prefix that enters it,
 * `outside` the path by which this process reaches the same files.
 */
export async function smallDisk(directory, bytes) {
    // In a chroot the root is no mount point, and can be made private by nobody; whoever made the chroot did.
    const script =
        'mount --make-rprivate / 2>/dev/null; ' +
        'mount -t tmpfs -o size="$1" tmpfs "$2" && echo mounted && exec sleep infinity';
    const args = ['-m', '--propagation', 'unchanged', 'sh', '-c', script, 'sh', String(bytes), directory];
    const holder = spawn('unshare', args, { stdio: ['ignore', 'pipe', 'pipe'] });
    process.on('exit', () => holder.kill('SIGKILL'));
    let complaint = '';
    holder.stderr.on('data', (chunk) => (complaint += chunk));
    const failed = once(holder, 'exit').then(() => {
        throw new Error(`the disk cannot be mounted: ${complaint}`);
    });
    failed.catch(() => {});
    await within(patience, Promise.race([once(holder.stdout, 'data'), failed]), () => 'the mount');
    return {
        // With the holder's root, which is another than the namespace's where the tests run in a chroot.
        inside: ['nsenter', '-t', String(holder.pid), '-m', '-r', '--'],
        outside: `/proc/${holder.pid}/root${directory}`,
        async unmount() {
            const gone = once(holder, 'exit');
            holder.kill('SIGKILL');
            await gone;
        },
    };
}
