// The service worker: gives the app out without a network. What is read and written is kept by the app itself.
// `version` and `files` are filled in by the build; another version is another file, which is how browsers see it.
const version = '__VERSION__';
const files = __FILES__;
const cacheName = `app-${version}`;

addEventListener('install', (event) => {
    // The server gives the page to who asks for a page.
    const page = new Request('/', { headers: { Accept: 'text/html' } });
    event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll([page, ...files])));
});

addEventListener('activate', (event) => {
    const removed = caches
        .keys()
        .then((names) =>
            Promise.all(names.filter((name) => name !== cacheName).map((name) => caches.delete(name))),
        );
    event.waitUntil(removed.then(() => clients.claim()));
});

// The page asks for it when the person has agreed to reload.
addEventListener('message', (event) => {
    if (event.data === 'take over') skipWaiting();
});

addEventListener('fetch', (event) => {
    const { request } = event;
    const { origin, pathname } = new URL(request.url);
    if (
        request.method !== 'GET' ||
        origin !== location.origin ||
        /^\/(?:api|files|ws|healthz|readyz|metrics)\b/.test(pathname)
    )
        return;
    if (request.mode === 'navigate') event.respondWith(kept('/', request));
    else if (pathname.startsWith('/assets/')) event.respondWith(kept(pathname, request));
});

/** From the cache, else from the network and into the cache: what has a hash in its name never changes. */
async function kept(path, request) {
    const cache = await caches.open(cacheName);
    const known = await cache.match(path, { ignoreVary: true });
    if (known) return known;
    const answer = await fetch(request);
    if (answer.ok && path.startsWith('/assets/')) await cache.put(path, answer.clone());
    return answer;
}
