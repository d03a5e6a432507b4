import { commands } from '../app/commands.ts';
import { type Key, t } from '../i18n/t.ts';
import { Kbd } from '../ui/controls.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { close } from './opened.ts';
import css from './overlays.module.css';

const writing: readonly (readonly [Key, string])[] = [
    ['keys.bold', 'Ctrl+B'],
    ['keys.italic', 'Ctrl+I'],
    ['keys.code', 'Ctrl+E'],
    ['keys.strike', 'Ctrl+Shift+X'],
    ['keys.link', 'Ctrl+Shift+L'],
    ['keys.quote', 'Ctrl+Shift+9'],
    ['keys.list', 'Ctrl+Shift+8'],
    ['keys.editLast', '↑'],
    ['keys.newLine', 'Shift+Enter'],
];
const onMessage: readonly (readonly [Key, string])[] = [
    ['message.react', '+'],
    ['message.quote', 'R'],
    ['message.replies', 'T'],
    ['message.edit', 'E'],
    ['message.unread', 'U'],
    ['message.copyLink', 'C'],
    ['message.delete', 'Del'],
    ['message.menu', 'Enter'],
];

export default function ShortcutsHelp() {
    return (
        <Dialog title={t('shortcuts.title')} onClose={close} wide>
            <div class={css['keys']}>
                {(['move', 'thread', 'view'] as const).map((group) => (
                    <Table
                        key={group}
                        title={t(`keys.${group}`)}
                        rows={commands()
                            .filter((command) => command.group === group && command.keys)
                            .map(({ label, keys = '' }) => [label, keys.replace('Arrow', '')])}
                    />
                ))}
                <Table title={t('keys.writing')} rows={writing.map(([key, keys]) => [t(key), keys])} />
                <Table title={t('keys.message')} rows={onMessage.map(([key, keys]) => [t(key), keys])} />
            </div>
        </Dialog>
    );
}

function Table({ title, rows }: { title: string; rows: readonly (readonly [string, string])[] }) {
    return (
        <section>
            <h3>{title}</h3>
            <dl>
                {rows.map(([label, keys]) => (
                    <div key={label}>
                        <dt>{label}</dt>
                        <dd>
                            <Kbd keys={keys} />
                        </dd>
                    </div>
                ))}
            </dl>
        </section>
    );
}
