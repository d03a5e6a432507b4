import type { components, Thread, User } from '@banter/sdk';
import { chat, isAdmin, me, threadById } from '../app/chat.ts';
import { learn, nameOf, othersOf, titleOf } from '../app/people.ts';
import { go, paths } from '../app/router.ts';
import { failed, toast } from '../app/toasts.tsx';
import { t } from '../i18n/t.ts';
import { usePresence } from '../shell/presence.ts';
import { PeoplePicker } from '../shell/PeoplePicker.tsx';
import { Avatar } from '../ui/Avatar.tsx';
import { Button, Field, Form, IconButton, Select } from '../ui/controls.tsx';
import { Icon } from '../ui/icons.tsx';
import { MenuButton, type MenuItem } from '../ui/Menu.tsx';
import { Splitter } from '../shell/Splitter.tsx';
import { useEffect, useState } from '../ui/runtime.ts';
import { openProfile } from './profile.ts';
import css from './side.module.css';

type Member = components['schemas']['Member'];

/** What a thread is, who is in it, and what may be changed of it. */
export default function Details({ threadId }: { threadId: string }) {
    const thread = threadById(threadId);
    return (
        <aside class={css['pane']} aria-label={t('details.title')} id="details">
            <Splitter of="side" />
            <header class={css['head']}>
                <IconButton icon="back" label={t('back')} onClick={() => go(paths.thread(threadId))} />
                <h2>{t('details.title')}</h2>
                <IconButton icon="close" label={t('close')} onClick={() => go(paths.thread(threadId))} />
            </header>
            {thread && (
                <div class={css['scroll']}>
                    <About thread={thread} />
                    {thread.kind === 'direct' ? (
                        <DirectMembers thread={thread} />
                    ) : (
                        <Members thread={thread} />
                    )}
                    <Leave thread={thread} />
                </div>
            )}
        </aside>
    );
}

/** Owners of the thread and admins change it; a direct thread never changes. */
const mayChange = (thread: Thread) =>
    thread.kind !== 'direct' && thread.kind !== 'reply' && (thread.membership?.role === 'owner' || isAdmin());

function About({ thread }: { thread: Thread }) {
    const level = thread.membership?.level ?? 'all';
    return (
        <section class={css['section']} aria-label={t('details.about')}>
            {mayChange(thread) ? (
                <Edit thread={thread} key={thread.rev} />
            ) : (
                thread.topic && <p dir="auto">{thread.topic}</p>
            )}
            <Select
                label={t('level.menu')}
                value={level}
                options={[
                    ['all', t('level.all')],
                    ['mentions', t('level.mentions')],
                    ['none', t('level.none')],
                ]}
                onChange={(chosen) => void chat.setLevel(thread.id, chosen).catch(failed)}
            />
        </section>
    );
}

type Change = components['schemas']['ChangeThread'];
const change = (thread: Thread, body: Change) =>
    chat.api.patch('/api/threads/{threadId}', { path: { threadId: thread.id }, body });

function Edit({ thread }: { thread: Thread }) {
    const [name, setName] = useState(thread.name);
    const [topic, setTopic] = useState(thread.topic);
    const [visibility, setVisibility] = useState(thread.visibility);
    const changed = name.trim() !== thread.name || topic !== thread.topic || visibility !== thread.visibility;
    const save = async () => {
        const body: Change = {};
        if (name.trim() !== thread.name) body.name = name.trim();
        if (topic !== thread.topic) body.topic = topic;
        if (visibility !== thread.visibility) body.visibility = visibility;
        await change(thread, body).then(() => toast(t('saved')), failed);
    };
    return (
        <Form class={css['form']} onSubmit={save}>
            <Field
                label={t('new.name')}
                value={name}
                onInput={setName}
                maxLength={80}
                required={thread.kind === 'channel'}
            />
            <Field label={t('new.topic')} value={topic} onInput={setTopic} maxLength={500} />
            {thread.kind === 'channel' && (
                <Select
                    label={t('new.visibility')}
                    value={visibility}
                    options={[
                        ['public', t('new.public')],
                        ['private', t('new.private')],
                    ]}
                    onChange={setVisibility}
                />
            )}
            {changed && (
                <Button look="primary" type="submit">
                    {t('save')}
                </Button>
            )}
        </Form>
    );
}

function DirectMembers({ thread }: { thread: Thread }) {
    const ids = othersOf(thread);
    const presence = usePresence(ids);
    return (
        <section class={css['section']} aria-label={t('details.members')}>
            <h3>{t('details.members')}</h3>
            <ul>
                {ids.map((id) => (
                    <li key={id} class={css['member']}>
                        <Person id={id} presence={presence(id)?.presence} />
                    </li>
                ))}
            </ul>
        </section>
    );
}

function Person({ id, presence }: { id: string; presence: Parameters<typeof Avatar>[0]['presence'] }) {
    return (
        <button type="button" class={css['person']} onClick={(event) => openProfile(id, event.currentTarget)}>
            <Avatar id={id} name={nameOf(id)} size={24} presence={presence} />
            <bdi>{nameOf(id)}</bdi>
            {id === me()?.id && <span class={css['muted']}>{t('person.you')}</span>}
        </button>
    );
}

function Members({ thread }: { thread: Thread }) {
    const { members, next, more, reload } = useMembers(thread.id);
    const [query, setQuery] = useState('');
    const presence = usePresence(members.map((member) => member.userId));
    const shown = members.filter((member) =>
        nameOf(member.userId).toLowerCase().includes(query.toLowerCase()),
    );
    const adds = thread.archivedAt === null && (mayChange(thread) || thread.kind === 'group');
    return (
        <section class={css['section']} aria-label={t('details.members')}>
            <h3>{t('details.members')}</h3>
            {members.length > 10 && (
                <Field label={t('details.search')} type="search" value={query} onInput={setQuery} />
            )}
            <ul>
                {shown.map((member) => (
                    <li key={member.userId} class={css['member']}>
                        <Person id={member.userId} presence={presence(member.userId)?.presence} />
                        {member.role === 'owner' && <span class={css['role']}>{t('role.owner')}</span>}
                        {mayChange(thread) && member.userId !== me()?.id && (
                            <MenuButton
                                icon="more"
                                small
                                label={t('details.memberMenu', { name: nameOf(member.userId) })}
                                items={() => memberItems(thread, member, reload)}
                            />
                        )}
                    </li>
                ))}
            </ul>
            {next && <Button onClick={more}>{t('more')}</Button>}
            {adds && <AddPeople thread={thread} members={members} onAdded={reload} />}
        </section>
    );
}

function memberItems(thread: Thread, member: Member, reload: () => void): readonly MenuItem[] {
    const path = { threadId: thread.id, userId: member.userId };
    const run = (done: Promise<unknown>) => void done.then(reload, failed);
    const other = member.role === 'owner' ? 'member' : 'owner';
    return [
        {
            label: t(other === 'owner' ? 'details.makeOwner' : 'details.makeMember'),
            icon: 'person',
            run: () =>
                run(
                    chat.api.put('/api/threads/{threadId}/members/{userId}', { path, body: { role: other } }),
                ),
        },
        {
            label: t('details.removeMember'),
            icon: 'trash',
            danger: true,
            run: () => run(chat.api.delete('/api/threads/{threadId}/members/{userId}', { path })),
        },
    ];
}

function useMembers(threadId: string) {
    const [members, setMembers] = useState<readonly Member[]>([]);
    const [next, setNext] = useState<string | null>(null);
    const load = (cursor: string | null, before: readonly Member[]) => {
        const query = cursor === null ? { limit: 100 } : { limit: 100, cursor };
        chat.api.get('/api/threads/{threadId}/members', { path: { threadId }, query }).then((page) => {
            page.users.forEach(learn);
            setMembers([...before, ...page.items]);
            setNext(page.next);
        }, failed);
    };
    const reload = () => load(null, []);
    useEffect(() => {
        reload();
        return chat.onEvent((event) => {
            if (event.type === 'member:update' && event.threadId === threadId) reload();
        });
    }, [threadId]);
    return { members, next, more: () => load(next, members), reload };
}

function AddPeople({
    thread,
    members,
    onAdded,
}: {
    thread: Thread;
    members: readonly Member[];
    onAdded: () => void;
}) {
    const [open, setOpen] = useState(false);
    const [people, setPeople] = useState<readonly User[]>([]);
    if (!open)
        return (
            <Button icon="add" onClick={() => setOpen(true)}>
                {t('intro.addPeople')}
            </Button>
        );
    const add = async () => {
        const adding = people.map((user) =>
            chat.api.put('/api/threads/{threadId}/members/{userId}', {
                path: { threadId: thread.id, userId: user.id },
            }),
        );
        const refused = (await Promise.allSettled(adding)).find((result) => result.status === 'rejected');
        if (refused) failed(refused.reason);
        setOpen(false);
        setPeople([]);
        onAdded();
    };
    return (
        <div class={css['form']}>
            <PeoplePicker
                label={t('new.people')}
                chosen={people}
                onChange={setPeople}
                without={new Set(members.map((member) => member.userId))}
                autofocus
            />
            <p class={css['buttons']}>
                <Button onClick={() => setOpen(false)}>{t('cancel')}</Button>
                <Button look="primary" disabled={people.length === 0} onClick={() => void add()}>
                    {t('details.add')}
                </Button>
            </p>
        </div>
    );
}

function Leave({ thread }: { thread: Thread }) {
    const [asking, setAsking] = useState(false);
    const leave = async () => {
        try {
            await chat.leave(thread.id);
            go('/');
        } catch (thrown) {
            failed(thrown);
        }
    };
    const archived = thread.archivedAt !== null;
    return (
        <section class={css['section']} aria-label={t('details.end')}>
            {mayChange(thread) && (
                <Button onClick={() => void change(thread, { archived: !archived }).catch(failed)}>
                    {t(archived ? 'details.unarchive' : 'details.archive')}
                </Button>
            )}
            {asking ? (
                <p class={css['buttons']}>
                    <span>{t('details.leaveSure', { thread: titleOf(thread) })}</span>
                    <Button onClick={() => setAsking(false)}>{t('cancel')}</Button>
                    <Button look="danger" onClick={() => void leave()}>
                        {t('details.leave')}
                    </Button>
                </p>
            ) : (
                <Button
                    look="danger"
                    onClick={() => (thread.kind === 'direct' ? void leave() : setAsking(true))}
                >
                    <Icon name="leave" size={16} />{' '}
                    {t(thread.kind === 'direct' ? 'details.hide' : 'details.leave')}
                </Button>
            )}
        </section>
    );
}
