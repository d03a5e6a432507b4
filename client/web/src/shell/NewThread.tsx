import { BanterError, type User } from '@banter/sdk';
import { chat } from '../app/chat.ts';
import { go, paths } from '../app/router.ts';
import { errorText } from '../i18n/errors.ts';
import { t } from '../i18n/t.ts';
import { Button, Field, Form, Radios } from '../ui/controls.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useState } from '../ui/runtime.ts';
import { failed } from '../app/toasts.tsx';
import { close } from './opened.ts';
import css from './overlays.module.css';
import { PeoplePicker } from './PeoplePicker.tsx';

export default function NewThread() {
    const [name, setName] = useState('');
    const [topic, setTopic] = useState('');
    const [visibility, setVisibility] = useState<'public' | 'private'>('public');
    const [people, setPeople] = useState<readonly User[]>([]);
    const [error, setError] = useState<string>();
    const [busy, setBusy] = useState(false);
    const make = async () => {
        setBusy(true);
        setError(undefined);
        try {
            const body = {
                kind: 'channel' as const,
                name: name.trim(),
                visibility,
                memberIds: people.map((user) => user.id),
            };
            const made = await chat.api.post('/api/threads', { body });
            chat.addThread(made);
            close();
            go(paths.thread(made.id));
            if (topic.trim())
                chat.api
                    .patch('/api/threads/{threadId}', {
                        path: { threadId: made.id },
                        body: { topic: topic.trim() },
                    })
                    .catch(failed);
        } catch (thrown) {
            const failure = BanterError.from(thrown);
            setError(failure.code === 'conflict' ? t('new.taken') : errorText(failure));
            setBusy(false);
        }
    };
    return (
        <Dialog title={t('new.thread')} onClose={close}>
            <Form class={css['form']} onSubmit={make}>
                <Field
                    label={t('new.name')}
                    value={name}
                    onInput={setName}
                    maxLength={80}
                    required
                    autofocus
                    error={error}
                />
                <Radios
                    label={t('new.visibility')}
                    value={visibility}
                    options={[
                        ['public', t('new.public')],
                        ['private', t('new.private')],
                    ]}
                    onChange={setVisibility}
                />
                <p class={css['muted']}>
                    {t(visibility === 'public' ? 'new.publicHint' : 'new.privateHint')}
                </p>
                <Field label={t('new.topic')} value={topic} onInput={setTopic} maxLength={500} />
                <PeoplePicker label={t('new.people')} chosen={people} onChange={setPeople} />
                <p class={css['buttons']}>
                    <Button onClick={close}>{t('cancel')}</Button>
                    <Button look="primary" type="submit" busy={busy} disabled={name.trim() === ''}>
                        {t('new.create')}
                    </Button>
                </p>
            </Form>
        </Dialog>
    );
}
