// The services that other tests rest on: the S3 server and the edge refuse what Amazon's refuse, as
// Amazon's own clients see them, and leave nothing behind.
import {
    AbortMultipartUploadCommand,
    CompleteMultipartUploadCommand,
    CreateMultipartUploadCommand,
    DeleteObjectCommand,
    GetObjectCommand,
    HeadObjectCommand,
    ListMultipartUploadsCommand,
    ListObjectsV2Command,
    PutObjectCommand,
    UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync, randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

import { Edge } from '../services/edge.mjs';
import { S3 } from '../services/s3.mjs';
import { edgeUrl, edgeUrlOfSha256, encoded, s3Client } from './lib/cloud.mjs';
import { patience, until, within } from './lib/deadline.mjs';
import { temporaryDirectory } from './lib/server.mjs';

const s3 = await S3.start();
const edge = await Edge.start(s3);
after(async () => {
    await edge.stop();
    await s3.stop();
});

const client = s3Client(s3);
const object = (key, more) => ({ Bucket: s3.bucket, Key: key, ...more });
const mebibyte = 1 << 20;

/** Puts an object with a key of its own. */
async function put(body = 'hello', more) {
    const key = randomUUID().replaceAll('-', '');
    await client.send(new PutObjectCommand(object(key, { Body: body, ...more })));
    return key;
}

async function bytesOf(key, more) {
    const { Body } = await client.send(new GetObjectCommand(object(key, more)));
    return Buffer.from(await Body.transformToByteArray());
}

/** What must be refused with this status and code. */
async function refused(promise, status, code) {
    await assert.rejects(promise, (error) => {
        assert.equal(error.name, code, error.message);
        assert.equal(error.$metadata.httpStatusCode, status);
        return true;
    });
}

describe('the S3 server', () => {
    test('gives what was put: whole, in part, and not after it was removed', async () => {
        const body = randomBytes(5 * mebibyte + 17);
        const key = await put(body, { ContentType: 'image/png' });
        assert.ok(body.equals(await bytesOf(key)));
        const range = `bytes=${mebibyte}-${mebibyte + 9}`;
        const part = await client.send(new GetObjectCommand(object(key, { Range: range })));
        assert.equal(part.ContentRange, `bytes ${mebibyte}-${mebibyte + 9}/${body.length}`);
        assert.deepEqual(
            Buffer.from(await part.Body.transformToByteArray()),
            body.subarray(mebibyte, mebibyte + 10),
        );
        const head = await client.send(new HeadObjectCommand(object(key)));
        assert.deepEqual([head.ContentLength, head.ContentType], [body.length, 'image/png']);
        const { Contents } = await client.send(
            new ListObjectsV2Command({ Bucket: s3.bucket, Prefix: key }),
        );
        assert.deepEqual(Contents.map(({ Key, Size }) => [Key, Size]), [[key, body.length]]);
        await client.send(new DeleteObjectCommand(object(key)));
        await refused(bytesOf(key), 404, 'NoSuchKey');
    });

    test('puts together what came in parts, and forgets what was given up', async () => {
        const key = randomUUID();
        const parts = [randomBytes(5 * mebibyte), randomBytes(1000)];
        const begin = async () =>
            (await client.send(new CreateMultipartUploadCommand(object(key)))).UploadId;
        const upload = async (UploadId) => {
            const sent = [];
            for (const [index, Body] of parts.entries()) {
                const PartNumber = index + 1;
                const part = object(key, { UploadId, PartNumber, Body });
                const { ETag } = await client.send(new UploadPartCommand(part));
                sent.push({ PartNumber, ETag });
            }
            return sent;
        };
        const abandoned = await begin();
        await upload(abandoned);
        await client.send(new AbortMultipartUploadCommand(object(key, { UploadId: abandoned })));
        const finished = await begin();
        const MultipartUpload = { Parts: await upload(finished) };
        await client.send(
            new CompleteMultipartUploadCommand(object(key, { UploadId: finished, MultipartUpload })),
        );
        assert.ok(Buffer.concat(parts).equals(await bytesOf(key)));
        const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: s3.bucket }));
        assert.equal(Uploads, undefined);
    });

    test('refuses a wrong secret, an unknown key, a wrong clock, and whoever does not sign', async () => {
        const key = await put();
        const ask = (options) => s3Client(s3, options).send(new GetObjectCommand(object(key)));
        const { accessKeyId, secretAccessKey } = s3.credentials;
        const wrongSecret = { accessKeyId, secretAccessKey: secretAccessKey.replace('b', 'B') };
        const unknown = { accessKeyId: accessKeyId.replace('1', '2'), secretAccessKey };
        await refused(ask({ credentials: wrongSecret }), 403, 'SignatureDoesNotMatch');
        await refused(ask({ credentials: unknown }), 403, 'InvalidAccessKeyId');
        await refused(ask({ systemClockOffset: 20 * 60_000 }), 403, 'RequestTimeTooSkewed');
        assert.equal((await fetch(`${s3.endpoint}/${s3.bucket}/${key}`)).status, 403);
        assert.equal((await fetch(`${s3.endpoint}/${s3.bucket}`)).status, 403);
        const anonymous = await fetch(`${s3.endpoint}/${s3.bucket}/x`, { method: 'PUT', body: 'x' });
        assert.equal(anonymous.status, 403);
    });

    test('refuses a body that is not the one that was announced', async () => {
        const other = object('x', { Body: 'other' });
        const md5 = { ContentMD5: 'XUFAKrxLKna5cZ2REBfFkg==' };
        await refused(client.send(new PutObjectCommand({ ...other, ...md5 })), 400, 'BadDigest');
        const command = new PutObjectCommand(other);
        const signedOtherwise = (next) => (sent) => {
            sent.request.headers['x-amz-content-sha256'] = 'ab'.repeat(32);
            return next(sent);
        };
        command.middlewareStack.add(signedOtherwise, { step: 'build' });
        await refused(client.send(command), 400, 'XAmzContentSHA256Mismatch');
        await refused(bytesOf('x'), 404, 'NoSuchKey');
    });

    test('takes a presigned URL as it is, and for its time', async () => {
        const key = await put();
        const sign = (more) => getSignedUrl(client, new GetObjectCommand(object(key)), more);
        const status = async (url) => (await fetch(url)).status;
        const good = await sign({ expiresIn: 60 });
        assert.equal(await (await fetch(good)).text(), 'hello');
        const signingDate = new Date(Date.now() - 61_000);
        assert.equal(await status(await sign({ expiresIn: 60, signingDate })), 403);
        assert.equal(await status(good.replace(key, await put())), 403);
        assert.equal(await status(good.replace('Expires=60', 'Expires=61')), 403);
        assert.equal(await status(`${good}&response-content-type=text%2Fhtml`), 403);
        assert.equal((await fetch(good, { method: 'PUT', body: 'x' })).status, 403);
    });

    test('can be frozen and killed; what was stored is there when it is back', async () => {
        const key = await put();
        const url = await getSignedUrl(client, new GetObjectCommand(object(key)));
        s3.gateway.signal('SIGSTOP');
        const signal = AbortSignal.timeout(500);
        await assert.rejects(fetch(url, { signal }), { name: 'TimeoutError' });
        s3.gateway.signal('SIGCONT');
        assert.equal((await fetch(url)).status, 200);
        await s3.gateway.kill9();
        await assert.rejects(fetch(url), ({ cause }) => cause.code === 'ECONNREFUSED');
        s3.gateway.start();
        await s3.ready();
        assert.equal(await (await fetch(url)).text(), 'hello');
    });
});

describe('the edge', () => {
    const cached = (response) => response.headers.get('x-cache');
    const later = (seconds) => ({ until: new Date(Date.now() + seconds * 1000) });

    async function fetched(url, options) {
        const response = await fetch(url, options);
        assert.equal(response.status, 200, await response.clone().text());
        return response;
    }

    async function isRefused(url, why, options) {
        const response = await fetch(url, options);
        assert.equal(response.status, 403);
        assert.equal(cached(response), 'Error from cloudfront');
        assert.equal(response.headers.get('x-refusal') ?? undefined, why);
        assert.match(await response.text(), /AccessDenied/);
    }

    test('asks for an object once, whoever asks for it with whatever signature', async () => {
        const body = randomBytes(300_000);
        const path = `/${await put(body)}`;
        const first = await fetched(edgeUrl(edge, path));
        assert.equal(cached(first), 'Miss from cloudfront');
        const again = await fetched(edgeUrl(edge, path));
        assert.equal(cached(again), 'Hit from cloudfront');
        for (const url of [edgeUrl(edge, path, later(60)), edgeUrlOfSha256(edge, path)]) {
            const hit = await fetched(url);
            assert.equal(cached(hit), 'Hit from cloudfront');
            assert.ok(body.equals(Buffer.from(await hit.arrayBuffer())));
        }
        const head = await fetched(edgeUrl(edge, path), { method: 'HEAD' });
        assert.equal(cached(head), 'Hit from cloudfront');
        assert.equal(head.headers.get('content-length'), '300000');
        assert.equal(head.headers.get('x-content-type-options'), 'nosniff');
        assert.equal(head.headers.get('content-security-policy'), "sandbox; default-src 'none'");
    });

    test('gives a part, also of what it has not got yet', async () => {
        const body = randomBytes(300_000);
        const path = `/${await put(body)}`;
        for (const from of ['Miss', 'Hit']) {
            const headers = { Range: 'bytes=200000-' };
            const part = await fetch(edgeUrl(edge, path), { headers });
            assert.equal(part.status, 206);
            assert.equal(cached(part), `${from} from cloudfront`);
            assert.equal(part.headers.get('content-range'), 'bytes 200000-299999/300000');
            assert.ok(body.subarray(200_000).equals(Buffer.from(await part.arrayBuffer())));
        }
    });

    test('answers with the type and disposition that the URL says, each kept by itself', async () => {
        const key = await put('<script>', { ContentType: 'text/html' });
        const ask = (disposition, type) => {
            const query =
                `response-content-disposition=${encoded(disposition)}&` +
                `response-content-type=${encoded(type)}`;
            return fetched(edgeUrl(edge, `/${key}?${query}`));
        };
        const name = "attachment; filename=\"a (b)!'*~.txt\"; filename*=UTF-8''%C3%A9";
        for (const [disposition, type] of [['inline', 'image/png'], [name, 'text/plain; charset=utf-8']]) {
            for (const from of ['Miss', 'Hit']) {
                const response = await ask(disposition, type);
                assert.equal(cached(response), `${from} from cloudfront`);
                assert.equal(response.headers.get('content-disposition'), disposition);
                assert.equal(response.headers.get('content-type'), type);
            }
        }
        const more = await fetched(edgeUrl(edge, `/${key}?response-expires=0&a=b`));
        assert.equal(more.headers.get('expires'), null, 'what else is in the query stays here');
        const same = await fetched(edgeUrl(edge, `/${key}?c=d`));
        assert.equal(cached(same), 'Hit from cloudfront');
    });

    test('refuses what is unsigned, changed, over, or signed by another', async () => {
        const path = `/${await put()}`;
        const other = `/${await put()}`;
        const query = '?response-content-disposition=inline&response-content-type=image%2Fpng';
        const good = edgeUrl(edge, path + query);
        const sha256 = edgeUrlOfSha256(edge, path + query);
        for (const url of [good, sha256]) await fetched(url);
        const another = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
        const key = another.export({ type: 'pkcs8', format: 'pem' });
        const expires = Number(/Expires=(\d+)/.exec(good)[1]);
        const refusals = [
            [edge.url + path, 'no key'],
            [edge.url + path + query, 'no key'],
            [good.replace(edge.keyPairId, 'KOTHER'), 'unknown key'],
            [edgeUrl(edge, path, { id: 'KOTHER' }), 'unknown key'],
            [edgeUrl(edge, path, { key }), 'wrong signature'],
            [good.replace(path, other), 'wrong signature'],
            [good.replace('inline', 'attachment'), 'wrong signature'],
            [good.replace('image%2Fpng', 'text%2Fhtml'), 'wrong signature'],
            [good.replace(query, '?'), 'wrong signature'],
            [`${good}&a=b`, 'wrong signature'],
            [good.replace(`Expires=${expires}`, `Expires=${expires + 1}`), 'wrong signature'],
            [good.replace(/Signature=....../, 'Signature=AAAAAA'), 'wrong signature'],
            [good.replace(/Signature=[^&]*/, 'Signature='), 'wrong signature'],
            [good.replace(/&Signature=[^&]*/, ''), 'no signature'],
            [good.replace(/&Expires=[^&]*/, ''), 'no end'],
            [`${good}&Expires=${expires}`, 'malformed'],
            [`${good}&Hash-Algorithm=SHA256`, 'wrong signature'],
            [sha256.replace('&Hash-Algorithm=SHA256', ''), 'wrong signature'],
            [sha256.replace('SHA256', 'MD5'), 'unknown hash'],
            [`${good}&Policy=e30_`, 'custom policy'],
            [edgeUrl(edge, path, later(-1)), 'expired'],
            [edgeUrlOfSha256(edge, path, later(-1)), 'expired'],
        ];
        for (const [url, why] of refusals) await isRefused(url, why);
        for (const method of ['POST', 'PUT', 'DELETE']) await isRefused(good, undefined, { method });
        const host = good.replace('127.0.0.1', 'localhost');
        await isRefused(host, 'wrong signature');
    });

    test('is let in by the S3 server, which nobody else is, and lasts when that is away', async () => {
        const key = await put();
        const path = `/${key}`;
        await fetched(edgeUrl(edge, path));
        const missing = await fetch(edgeUrl(edge, `/${randomUUID()}`));
        assert.deepEqual([missing.status, cached(missing)], [404, 'Error from cloudfront']);
        await s3.gateway.kill9();
        const hit = await fetched(edgeUrl(edge, path));
        assert.equal(cached(hit), 'Hit from cloudfront');
        const away = await fetch(edgeUrl(edge, '/other'));
        assert.deepEqual([away.status, cached(away)], [502, 'Error from cloudfront']);
        s3.gateway.start();
        await s3.ready();
    });
});

describe('services', () => {
    const run = fileURLToPath(new URL('../services/run', import.meta.url));
    const alive = (pid) => {
        try {
            // A process that nobody has waited for yet is dead all the same.
            return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
        } catch {
            return false;
        }
    };

    /** Starts the services for a command; what it prints comes in `output`. */
    function begin(args, environment) {
        const child = spawn(run, args, {
            stdio: ['ignore', 'pipe', 'pipe'],
            env: { ...process.env, ...environment },
        });
        const what = () => `the end of ${args.join(' ')}`;
        const program = { child, output: '', ended: within(patience, once(child, 'close'), what) };
        for (const stream of [child.stdout, child.stderr])
            stream.setEncoding('utf8').on('data', (chunk) => (program.output += chunk));
        return program;
    }

    test('run beside each other and are gone when they are stopped', async () => {
        const other = await S3.start();
        const { pid } = other.gateway;
        assert.notEqual(other.port, s3.port);
        await s3Client(other).send(new PutObjectCommand(object('only-there', { Body: 'x' })));
        await other.stop();
        assert.ok(!alive(pid));
        await refused(bytesOf('only-there'), 404, 'NoSuchKey');
    });

    test('are in the environment of a command, which gives the status', async () => {
        const script = 'echo "$BANTER_TEST_S3 $AWS_ACCESS_KEY_ID $BANTER_TEST_EDGE_KEY_FILE"; exit 7';
        const program = begin(['s3', 'edge', '--', 'sh', '-c', script]);
        assert.deepEqual(await program.ended, [7, null]);
        const [url, id, file] = program.output.trim().split(' ');
        assert.match(url, /^s3:\/\/banter-test\?endpoint=http:\/\/127\.0\.0\.1:\d+&region=us-east-1&style=path$/);
        assert.equal(id, s3.credentials.accessKeyId);
        assert.ok(!existsSync(dirname(file)), 'nothing is left');
    });

    test('say what they said if they do not start, and how to ask for them', async () => {
        const command = ['s3', '--', 'echo', 'started'];
        const late = begin(command, { BANTER_PATIENCE: '0.00001' });
        assert.deepEqual(await late.ended, [1, null]);
        assert.match(late.output, /monmaptool ended with SIGKILL\n--- monmaptool:/);
        assert.doesNotMatch(late.output, /started/);
        for (const wrong of [[], ['s3'], ['s3', '--'], ['--', 'true'], ['s4', '--', 'true']]) {
            const program = begin(wrong);
            assert.deepEqual(await program.ended, [2, null]);
            assert.match(program.output, /^usage: tests\/services\/run \[s3\] \[edge\] \[postgres\] \[redis\] -- COMMAND/);
        }
    });

    test('die with whoever started them, even by SIGKILL', async (t) => {
        const module = new URL('../services/s3.mjs', import.meta.url);
        const code = `
            const { S3 } = await import('${module}');
            const s3 = await S3.start();
            console.log(s3.gateway.pid);
            setInterval(() => {}, 1000);`;
        const TMPDIR = temporaryDirectory();
        t.after(() => rmSync(TMPDIR, { recursive: true, force: true }));
        const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
            stdio: ['ignore', 'pipe', 'inherit'],
            env: { ...process.env, BANTER_TEST_SERVICES_DIRECTORY: TMPDIR },
        });
        const [pid] = await within(patience, once(child.stdout.setEncoding('utf8'), 'data'), () => 'a pid');
        assert.ok(alive(Number(pid)));
        child.kill('SIGKILL');
        await until(async () => (alive(Number(pid)) ? undefined : true), 'the end of the gateway');
    });
});
