import { Door } from '../door/Door.tsx';
import { Shell } from '../shell/Shell.tsx';
import { useEffect } from '../ui/runtime.ts';
import { Announcer } from './announce.tsx';
import { auth, chat, config } from './chat.ts';
import { go, route } from './router.ts';

export function App() {
    const here = route.value;
    const signedIn = auth.state.value === 'signed-in';
    const session = chat.session.value;
    const outside =
        here.name === 'login' || here.name === 'signup' || here.name === 'setup' || here.name === 'invite';
    useEffect(() => {
        if (auth.state.value === 'signed-out' && !outside && session === null)
            go(config.value?.setup ? '/setup' : '/login', { replace: true });
        if (signedIn && session && (here.name === 'login' || here.name === 'signup' || here.name === 'setup'))
            go('/', { replace: true });
    }, [auth.state.value, outside, session, config.value]);
    if (!outside) return <Shell />;
    return (
        <>
            <Door route={here} />
            <Announcer />
        </>
    );
}
