import './styles/base.css';
import './styles/tokens.css';
import { App } from './app/App.tsx';
import { auth, chat, loadConfigWhenNeeded } from './app/chat.ts';
import { startKeys } from './app/keys.ts';
import { startNotifications, startTitle } from './app/notify.ts';
import { applyPrefs, followPrefs } from './app/prefs.ts';
import { startRouter } from './app/router.ts';
import { guardFiles, startServiceWorker } from './app/updates.ts';
import { followViewport } from './app/viewport.ts';
import { render } from './ui/runtime.ts';

const root = document.getElementById('app');
if (root && document.documentElement.dataset['old'] === undefined) {
    // Who is signed in is asked while everything else begins.
    auth.token().catch(() => {});
    await applyPrefs();
    followPrefs();
    startRouter();
    startKeys();
    startTitle();
    startNotifications();
    followViewport();
    guardFiles();
    loadConfigWhenNeeded();
    // What is stored on the device is shown first; the bones of the page stand until then.
    await chat.start();
    root.replaceChildren();
    render(<App />, root);
    void startServiceWorker();
}
