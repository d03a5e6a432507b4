import type { components, User } from '@banter/sdk';
import { chat, me } from '../app/chat.ts';
import { userOf } from '../app/people.ts';
import { failed, toast } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { Button, Field, Form } from '../ui/controls.tsx';
import { useState } from '../ui/runtime.ts';
import css from './settings.module.css';

type Change = components['schemas']['ProfileChange'];

/** Not before one is known: the fields begin with what one is called. */
export function Profile() {
    const self = me();
    return self ? <ProfileForm user={userOf(self.id) ?? self} /> : null;
}

function ProfileForm({ user }: { user: User }) {
    const [displayName, setDisplayName] = useState(user.displayName);
    const [handle, setHandle] = useState(user.handle);
    const [emoji, setEmoji] = useState(user.status?.emoji ?? '');
    const [text, setText] = useState(user.status?.text ?? '');
    const save = async () => {
        const body: Change = {};
        if (displayName.trim() !== user.displayName) body.displayName = displayName.trim();
        if (handle !== user.handle) body.handle = handle;
        if (emoji !== (user.status?.emoji ?? '') || text !== (user.status?.text ?? ''))
            body.status = emoji || text ? { ...(emoji ? { emoji } : {}), ...(text ? { text } : {}) } : null;
        if (Object.keys(body).length === 0) return;
        await chat.api.patch('/api/me', { body }).then(() => toast(t('saved')), failed);
    };
    return (
        <Form class={css['form']} onSubmit={save}>
            <Field
                label={t('door.name')}
                value={displayName}
                onInput={setDisplayName}
                required
                maxLength={80}
            />
            <Field
                label={t('door.handle')}
                value={handle}
                onInput={setHandle}
                hint={t('door.handleHint')}
                required
                pattern="[a-z0-9._\-]{2,32}"
            />
            <Field label={t('profile.statusEmoji')} value={emoji} onInput={setEmoji} maxLength={16} />
            <Field label={t('profile.statusText')} value={text} onInput={setText} maxLength={100} />
            <Button look="primary" type="submit">
                {t('save')}
            </Button>
        </Form>
    );
}
