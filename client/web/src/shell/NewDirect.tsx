import type { User } from '@banter/sdk';
import { t } from '../i18n/t.ts';
import { Button } from '../ui/controls.tsx';
import { Dialog } from '../ui/Dialog.tsx';
import { useState } from '../ui/runtime.ts';
import { close } from './opened.ts';
import css from './overlays.module.css';
import { PeoplePicker } from './PeoplePicker.tsx';
import { openDirect } from './Switcher.tsx';

/** A conversation with one person or a few; with nobody, notes to self. */
export default function NewDirect() {
    const [people, setPeople] = useState<readonly User[]>([]);
    const open = () => {
        close();
        void openDirect(people.map((user) => user.id));
    };
    return (
        <Dialog title={t('new.direct')} onClose={close}>
            <div class={css['form']}>
                <PeoplePicker label={t('new.to')} chosen={people} onChange={setPeople} autofocus />
                <p class={css['buttons']}>
                    <Button onClick={close}>{t('cancel')}</Button>
                    <Button look="primary" onClick={open} disabled={people.length > 8}>
                        {people.length === 0 ? t('thread.notes') : t('new.open')}
                    </Button>
                </p>
            </div>
        </Dialog>
    );
}
