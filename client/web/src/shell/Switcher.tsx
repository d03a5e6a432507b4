import type { Account, Thread } from '@banter/sdk';
import { chat, me } from '../app/chat.ts';
import { isolated, learn, othersOf, titleOf, unreadOf } from '../app/people.ts';
import { go, paths } from '../app/router.ts';
import { failed } from '../app/toasts.tsx';
import { type Command, commands } from '../app/commands.ts';
import { t } from '../i18n/t.ts';
import { Avatar } from '../ui/Avatar.tsx';
import { Kbd } from '../ui/controls.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { Icon, type IconName } from '../ui/icons.tsx';
import { useEffect, useId, useMemo, useRef, useState } from '../ui/runtime.ts';
import { score } from './fuzzy.ts';
import { close, opened } from './opened.ts';
import css from './overlays.module.css';
import { recentThreads } from './recent.ts';

interface Option {
    key: string;
    label: string;
    hint: string;
    icon: IconName;
    userId?: string;
    keys?: string | undefined;
    run: () => void;
}

const most = 30;

/** Goes to any thread or person; with `>` in front, does anything the app can do. */
export default function Switcher({ commands: begins }: { commands: boolean }) {
    const id = useId();
    const list = useRef<HTMLDivElement>(null);
    const [query, setQuery] = useState(begins ? '>' : '');
    const [chosen, setChosen] = useState(0);
    const people = usePeople(query);
    const threads = useMemo(recentFirst, [chat.threads.value]);
    const options = useMemo(() => optionsFor(query, threads, people), [query, threads, people]);
    useEffect(() => {
        list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' });
    }, [chosen, options]);
    const run = (option: Option | undefined) => {
        if (!option) return;
        close();
        option.run();
    };
    const onKey = (event: KeyboardEvent) => {
        if (event.isComposing) return;
        const count = Math.max(1, options.length);
        if (event.key === 'ArrowDown') setChosen((chosen + 1) % count);
        else if (event.key === 'ArrowUp') setChosen((chosen + count - 1) % count);
        else if (event.key === 'Enter') run(options[chosen]);
        else return;
        event.preventDefault();
        event.stopPropagation();
    };
    return (
        <Dialog title={t('switcher.title')} onClose={close} bare>
            <div>
                <input
                    class={css['query']}
                    role="combobox"
                    aria-expanded="true"
                    aria-controls={id}
                    aria-activedescendant={options.length > 0 ? `${id}-${chosen}` : undefined}
                    aria-label={t('switcher.label')}
                    placeholder={t('switcher.placeholder')}
                    value={query}
                    autocomplete="off"
                    spellcheck={false}
                    autoFocus
                    onInput={(event) => {
                        setQuery(event.currentTarget.value);
                        setChosen(0);
                    }}
                    onKeyDown={onKey}
                />
                <div
                    class={css['options']}
                    role="listbox"
                    id={id}
                    ref={list}
                    aria-label={t('switcher.label')}
                >
                    {options.map((option, at) => (
                        // biome-ignore lint/a11y/useFocusableInteractive: the text field names the active one.
                        // biome-ignore lint/a11y/useKeyWithClickEvents: Enter in the text field does the same.
                        <div
                            key={option.key}
                            id={`${id}-${at}`}
                            role="option"
                            aria-selected={at === chosen}
                            class={css['option']}
                            onClick={() => run(option)}
                            onPointerMove={() => at !== chosen && setChosen(at)}
                        >
                            {option.userId ? (
                                <Avatar id={option.userId} name={option.label} size={20} />
                            ) : (
                                <Icon name={option.icon} size={16} />
                            )}
                            <bdi>{option.label}</bdi>
                            <span class={css['hint']}>{option.hint}</span>
                            {option.keys && <Kbd keys={option.keys} />}
                        </div>
                    ))}
                </div>
                {options.length === 0 && <p class={css['group']}>{t('switcher.nothing')}</p>}
            </div>
        </Dialog>
    );
}

/** People are asked for on the server, a little after the last key. */
function usePeople(query: string): readonly Account[] {
    const [people, setPeople] = useState<readonly Account[]>([]);
    useEffect(() => {
        if (query === '' || query.startsWith('>')) return setPeople([]);
        const abort = new AbortController();
        const timer = setTimeout(() => {
            chat.users.search(query.replace(/^@/, ''), abort.signal).then(
                (found) => setPeople(found.slice(0, 8)),
                () => {},
            );
        }, 80);
        return () => {
            clearTimeout(timer);
            abort.abort();
        };
    }, [query]);
    return people;
}

function optionsFor(query: string, known: readonly Thread[], people: readonly Account[]): Option[] {
    if (query.startsWith('>'))
        return ranked(query.slice(1).trim(), commands(), ({ label }) => label).map(commandOption);
    const wanted = query.replace(/^[@#]/, '').trim();
    const threads = ranked(wanted, known, titleOf).slice(0, most).map(threadOption);
    const direct = new Set(
        chat.threads.value
            .filter((each) => each.kind === 'direct' && othersOf(each).length === 1)
            .flatMap(othersOf),
    );
    const more = people
        .filter((user) => !direct.has(user.id) && user.id !== me()?.id && user.deletedAt === null)
        .map(personOption);
    const actions: Option[] = wanted
        ? [
              {
                  key: 'browse',
                  label: t('switcher.browse', { name: wanted }),
                  hint: '',
                  icon: 'search',
                  run: () => go(`/browse?q=${encodeURIComponent(wanted)}`),
              },
              {
                  key: 'create',
                  label: t('switcher.create', { name: wanted }),
                  hint: '',
                  icon: 'add',
                  run: () => {
                      opened.value = 'newThread';
                  },
              },
          ]
        : [];
    return [...threads, ...more, ...(threads.length + more.length < 4 ? actions : [])];
}

/** Those whose name has the query in it, the best first. */
function ranked<T>(query: string, items: readonly T[], name: (item: T) => string): readonly T[] {
    if (query === '') return items;
    return items
        .map((each, at) => ({ each, at, points: score(query, name(each)) }))
        .filter(({ points }) => points > 0)
        .sort((a, b) => b.points - a.points || a.at - b.at)
        .map(({ each }) => each);
}

/** Unread first, then what was looked at last, then the rest. */
function recentFirst(): readonly Thread[] {
    const recent = recentThreads();
    const place = (thread: Thread) => {
        const { unread, mentions } = unreadOf(thread);
        const at = recent.indexOf(thread.id);
        return (mentions > 0 ? -2000 : unread > 0 ? -1000 : 0) + (at < 0 ? 500 : at);
    };
    return chat.threads.value
        .filter((thread) => thread.kind !== 'reply')
        .map((thread) => ({ thread, at: place(thread) }))
        .sort((a, b) => a.at - b.at)
        .map(({ thread }) => thread);
}

function threadOption(thread: Thread): Option {
    const { unread, mentions } = unreadOf(thread);
    const [first] = othersOf(thread);
    const direct = thread.kind === 'direct';
    return {
        key: thread.id,
        label: titleOf(thread),
        hint:
            mentions > 0
                ? t('sidebar.mentions', { count: mentions })
                : unread > 0
                  ? t('sidebar.unread', { count: unread })
                  : thread.topic,
        icon: thread.visibility === 'private' ? 'lock' : 'hash',
        ...(direct && first ? { userId: first } : {}),
        run: () => go(paths.thread(thread.id)),
    };
}

function personOption(user: Account): Option {
    learn(user);
    return {
        key: user.id,
        label: isolated(user.displayName),
        hint: `@${user.handle}`,
        icon: 'person',
        userId: user.id,
        run: () => void openDirect([user.id]),
    };
}

const commandOption = ({ id, label, icon, keys, run }: Command): Option => ({
    key: id,
    label,
    hint: '',
    icon: icon ?? 'settings',
    keys,
    run,
});

/** Opens the direct thread with these people, which is there already or is made. */
export async function openDirect(memberIds: string[]): Promise<void> {
    try {
        const thread = await chat.api.post('/api/threads', { body: { kind: 'direct', memberIds } });
        chat.addThread(thread);
        go(paths.thread(thread.id));
    } catch (thrown) {
        failed(thrown);
    }
}
