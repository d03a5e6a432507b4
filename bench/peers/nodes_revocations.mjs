// People of two nodes who lose their access: node nodes_revocations.mjs FILE, which has {"here": "HOST:PORT",
// "there": "HOST:PORT", "owner": TOKEN, "tokens": […], "prefix": TEXT, "each": N, "seconds": N}. Each way of ending
// access is taken `each` times: the request goes to `here`, and the socket that it has to close is open at `there`. The
// requests are at random moments within `seconds`, after everybody is connected. Prints for each way the milliseconds
// from the request to the close, as JSON; fails unless every socket was open until its request, and closed with 4401
// after it.

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import WebSocket from 'ws';

const { here, there, owner, tokens, prefix, each, seconds } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
const password = 'a password for the bench';
/** Of the 100 sign-ins and 50 access tokens that somebody may have. */
const each_person_max = 25;
/** A password is a lot of work for the server, which has a core. */
const at_once = 4;
const closed_within_ms = 60_000;
const signed_out = 4401;

const pause = (ms) => new Promise((settle) => { setTimeout(settle, ms); });

/** The answer of `here`, on a connection of its own, from `address`. */
async function ask(method, path, { token, body, headers = {}, address } = {}) {
  const text = body ? JSON.stringify(body) : '';
  const sent = { ...headers, 'content-length': Buffer.byteLength(text) };
  if (body) sent['content-type'] = 'application/json';
  if (token) sent.authorization = `Bearer ${token}`;
  const asked = request(`http://${here}${path}`, { method, headers: sent, localAddress: address, agent: false });
  asked.end(text);
  const [answer] = await once(asked, 'response');
  let said = '';
  for await (const part of answer.setEncoding('utf8')) said += part;
  if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${said}`);
  return { body: said && JSON.parse(said), cookie: answer.headers['set-cookie']?.[0].split(';')[0] };
}

let addresses = 0;

/** Signs somebody in, or up. From one address only so many may in a minute, so each has its own. */
function enter(path, body) {
  addresses += 1;
  return ask('POST', `/api/auth/${path}`, { body, address: `127.${addresses >> 8}.${addresses & 255}.2` });
}

/** A live socket. `ends` asks for its end. */
class Session {
  constructor(token, ends) {
    this.ends = ends;
    this.ws = new WebSocket(`ws://${there}/ws`, {
      headers: { authorization: `Bearer ${token}` }, perMessageDeflate: false,
    });
    this.connected = new Promise((settle, fail) => {
      this.ws.on('message', (data) => {
        const frame = JSON.parse(data.toString());
        if (frame.type === 'connected') settle(frame);
      });
      this.ws.on('error', fail);
      this.ws.on('close', (code) => fail(new Error(`closed with ${code} at once`)));
    });
    this.closed = new Promise((settle) => {
      this.ws.on('close', (code) => settle({ code, at: performance.now() }));
    });
  }

  /** Milliseconds from the request to the close. */
  async revoked() {
    if (this.ws.readyState !== WebSocket.OPEN) throw new Error('a socket was closed before its access ended');
    const asked = performance.now();
    const answered = this.ends();
    const late = pause(closed_within_ms).then(() => { throw new Error('a socket was never closed'); });
    const [{ code, at }] = await Promise.all([Promise.race([this.closed, late]), answered]);
    if (code !== signed_out) throw new Error(`a socket was closed with ${code}`);
    return at - asked;
  }
}

const sidOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url').toString()).sid;

/** Each opens the session of somebody that it is given, to be ended in its way. */
const ways = {
  'logging out': async (handle) => {
    const { body, cookie } = await enter('login', { handle, password });
    const headers = { cookie, 'x-requested-with': 'banter' };
    return new Session(body.token, () => ask('POST', '/api/auth/logout', { headers }));
  },
  'ending a sign-in from another device': async (handle, token) => {
    const { body } = await enter('login', { handle, password });
    return new Session(body.token, () => ask('DELETE', `/api/me/sessions/${sidOf(body.token)}`, { token }));
  },
  'removing an access token': async (handle, token, index) => {
    const { body } = await ask('POST', '/api/me/tokens', { token, body: { name: `bench ${index}` } });
    return new Session(body.token, () => ask('DELETE', `/api/me/tokens/${body.id}`, { token }));
  },
  'deactivating a user': async (handle, token, index) => {
    const session = new Session(tokens[index], () =>
      ask('PATCH', `/api/users/${session.id}`, { token: owner, body: { deactivated: true } }));
    session.id = (await session.connected).user.id;
    return session;
  },
};

const people = [];
for (let index = 0; index * each_person_max < each; index += 1) {
  const handle = `${prefix}-${index}`;
  const { body } = await enter('register', { handle, displayName: handle, password });
  people.push({ handle, token: body.token });
}

const sessions = [];
const wanted = Object.keys(ways).flatMap((way) => Array.from({ length: each }, (_, index) => ({ way, index })));
async function open() {
  for (let next = wanted.pop(); next; next = wanted.pop()) {
    const { handle, token } = people[Math.floor(next.index / each_person_max)];
    const session = await ways[next.way](handle, token, next.index);
    session.way = next.way;
    await session.connected;
    sessions.push(session);
  }
}
await Promise.all(Array.from({ length: at_once }, open));

const took = Object.fromEntries(Object.keys(ways).map((way) => [way, []]));
await Promise.all(sessions.map(async (session) => {
  // Nodes look into the database every second: the moments have to have nothing to do with that.
  await pause(Math.random() * seconds * 1000);
  took[session.way].push(await session.revoked());
}));
console.log(JSON.stringify(took));
process.exit();
