// What an upload to S3 is measured beside: the same file put into the same bucket without a chat
// server in between.

import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { signedHeaders } from '../../tests/services/signature.mjs';
import { loadCore, run } from './process.mjs';

const unsigned = 'UNSIGNED-PAYLOAD';

/** Seconds of one PUT of all bytes, by curl. */
export async function putWhole(s3, file) {
  const url = `${s3.endpoint}/${s3.bucket}/whole`;
  const headers = Object.entries(signedHeaders('PUT', url, s3.credentials, s3.region, unsigned));
  const sent = headers.flatMap(([name, value]) => ['--header', `${name}: ${value}`]);
  const answer = await run(
    ['curl', '--silent', '--show-error', '--fail', '--write-out', '%{time_total}', ...sent, '--upload-file', file, url],
    loadCore,
  );
  return Number(answer);
}

/** Seconds of an upload in parts of so many bytes, one after the other. */
export async function putInParts(s3, file, partBytes) {
  const agent = new Agent({ keepAlive: true });
  const ask = (method, query, body) => asked(s3, agent, method, `${s3.endpoint}/${s3.bucket}/parts?${query}`, body);
  const source = await open(file);
  const began = process.hrtime.bigint();
  const id = /<UploadId>([^<]+)/.exec((await ask('POST', 'uploads')).text)[1];
  const parts = [];
  for (;;) {
    const { bytesRead, buffer } = await source.read(Buffer.allocUnsafe(partBytes), 0, partBytes);
    if (bytesRead === 0) break;
    const number = parts.length + 1;
    const { etag } = await ask('PUT', `partNumber=${number}&uploadId=${id}`, buffer.subarray(0, bytesRead));
    parts.push(`<Part><PartNumber>${number}</PartNumber><ETag>${etag}</ETag></Part>`);
  }
  const all = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`;
  const { text } = await ask('POST', `uploadId=${id}`, all);
  if (!text.includes('CompleteMultipartUploadResult')) throw new Error(`parts are not put together: ${text}`);
  const seconds = Number(process.hrtime.bigint() - began) / 1e9;
  await source.close();
  agent.destroy();
  return seconds;
}

async function asked(s3, agent, method, url, body) {
  const headers = signedHeaders(method, url, s3.credentials, s3.region, unsigned);
  const sent = request(url, { method, headers: { ...headers, 'content-length': body?.length ?? 0 }, agent });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  let text = '';
  for await (const chunk of answer.setEncoding('utf8')) text += chunk;
  if (answer.statusCode !== 200) throw new Error(`${method} ${url}: ${answer.statusCode} ${text}`);
  return { text, etag: answer.headers.etag };
}
