// How the operations on files are asked about a thing of the table.
import { textForm } from '../files.mjs';
import { nobodies, nowhere } from './places.mjs';

const tus = { 'Tus-Resumable': '1.0.0' };
const bytes = { 'Content-Type': 'application/offset+octet-stream' };

/** A file of the caller's, or of somebody else for who can have none; in no message. */
async function file(world, caller, thing) {
    const own = thing.startsWith('own ') && !nobodies.has(caller.kind);
    const whose = own ? caller : await world.caller('peer');
    return world.do('POST /api/upload', whose, textForm('a.txt', 'hello'));
}

async function upload(world, caller, thing) {
    if (thing === 'missing') return nowhere();
    const own = thing.startsWith('own ') && !nobodies.has(caller.kind);
    const whose = own ? caller : await world.caller('peer');
    const request = { headers: { ...tus, 'Upload-Length': '10' } };
    const answer = await world.ask('POST /api/uploads', whose, request);
    return answer.headers.get('location').split('/').at(-1);
}

const aboutUpload = (request = () => ({})) => ({
    make: async (world, caller, thing) => {
        const { headers, ...rest } = request();
        const values = [await upload(world, caller, thing)];
        return { values, headers: { ...tus, ...headers }, ...rest };
    },
});

export const files = {
    'POST /api/upload': { make: () => textForm('a.txt', 'hello') },
    'OPTIONS /api/uploads': { make: () => ({}) },
    'POST /api/uploads': { make: () => ({ headers: { ...tus, 'Upload-Length': '10' } }) },
    'GET /api/uploads/{}': aboutUpload(),
    'PATCH /api/uploads/{}': aboutUpload(() => ({
        headers: { ...bytes, 'Upload-Offset': '0' },
        body: '01234',
    })),
    'DELETE /api/uploads/{}': aboutUpload(),
    'GET /api/files/{}': {
        make: async (world, caller, thing) => {
            if (thing === 'missing') return { values: [nowhere()] };
            if (thing.endsWith(' file')) return { values: [(await file(world, caller, thing)).id] };
            const place = await world.places.find(thing, caller);
            return { place, values: [place.fileId] };
        },
    },
    'GET /files/{}': {
        make: async (world, caller, thing) => {
            const { url } = await file(world, caller, thing);
            const [path, query] = url.split('?');
            return { values: [path.split('/').at(-1)], query: `?${query}` };
        },
    },
};
