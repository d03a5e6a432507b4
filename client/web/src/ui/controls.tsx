import css from './controls.module.css';
import { Icon, type IconName } from './icons.tsx';
import {
    type ButtonHTMLAttributes,
    type ComponentChildren,
    type RefObject,
    useEffect,
    useId,
    useRef,
    useState,
} from './runtime.ts';

const classes = (...names: (string | false | undefined)[]) => names.filter(Boolean).join(' ');

type ButtonAttributes = Omit<ButtonHTMLAttributes<HTMLButtonElement>, 'icon' | 'label'>;

interface ButtonProps extends ButtonAttributes {
    look?: 'plain' | 'primary' | 'danger' | 'quiet';
    icon?: IconName;
    children: ComponentChildren;
    busy?: boolean;
}

export function Button({ look = 'plain', icon, children, busy = false, ...rest }: ButtonProps) {
    return (
        <button
            type="button"
            {...rest}
            class={classes(css['button'], css[look])}
            aria-busy={busy || undefined}
        >
            {icon && <Icon name={icon} size={16} />}
            <span>{children}</span>
        </button>
    );
}

/** Looks like a button and leads to another page. */
export function ButtonLink({ href, children }: { href: string; children: ComponentChildren }) {
    return (
        <a class={css['button']} href={href}>
            <span>{children}</span>
        </a>
    );
}

/** A form that the page handles itself: it leads nowhere. */
export function Form(props: {
    class: string | undefined;
    onSubmit: () => unknown;
    children: ComponentChildren;
}) {
    const submit = (event: Event) => {
        event.preventDefault();
        props.onSubmit();
    };
    return (
        <form class={props.class} onSubmit={submit}>
            {props.children}
        </form>
    );
}

interface IconButtonProps extends ButtonAttributes {
    icon: IconName;
    /** Said by screen readers, and shown on hover. */
    label: string;
    /** The keys that do the same, shown behind the label. */
    keys?: string | undefined;
    small?: boolean;
    pressed?: boolean;
    buttonRef?: RefObject<HTMLButtonElement | null>;
}

export function IconButton({
    icon,
    label,
    keys,
    small = false,
    pressed,
    buttonRef,
    ...rest
}: IconButtonProps) {
    return (
        <button
            type="button"
            {...rest}
            {...(buttonRef ? { ref: buttonRef } : {})}
            class={classes(css['icon'], small && css['small'])}
            aria-label={label}
            aria-pressed={pressed}
            title={keys ? `${label} (${keys})` : label}
        >
            <Icon name={icon} size={small ? 16 : 18} />
        </button>
    );
}

interface FieldProps {
    label: string;
    value: string;
    onInput: (value: string) => void;
    type?: 'text' | 'password' | 'search' | 'url' | 'date' | 'time' | 'datetime-local';
    hint?: string | undefined;
    error?: string | undefined;
    autocomplete?: string;
    required?: boolean;
    minLength?: number;
    maxLength?: number;
    pattern?: string;
    autofocus?: boolean;
    /** Text beside a switch that shows what is typed. */
    showLabel?: string;
    name?: string;
}

export function Field(props: FieldProps) {
    const id = useId();
    const input = useRef<HTMLInputElement>(null);
    const [shown, setShown] = useState(false);
    const { label, hint, error, showLabel } = props;
    // What is wrong is said, and the next key mends it.
    useEffect(() => {
        if (error) input.current?.focus();
    }, [error]);
    const type = props.type === 'password' && shown ? 'text' : (props.type ?? 'text');
    const describedBy = [error && `${id}e`, hint && `${id}h`].filter(Boolean).join(' ') || undefined;
    return (
        <div class={css['field']}>
            <label for={id}>{label}</label>
            <div class={css['control']}>
                <input
                    ref={input}
                    id={id}
                    // The types know each kind of input by itself, not one of several.
                    type={type as 'text'}
                    name={props.name}
                    value={props.value}
                    onInput={(event) => props.onInput(event.currentTarget.value)}
                    autocomplete={props.autocomplete ?? 'off'}
                    required={props.required}
                    minLength={props.minLength}
                    maxLength={props.maxLength}
                    pattern={props.pattern}
                    // biome-ignore lint/a11y/noAutofocus: in a dialog or a form that the person has just opened.
                    autoFocus={props.autofocus}
                    autocapitalize="off"
                    spellcheck={false}
                    aria-invalid={error ? true : undefined}
                    aria-describedby={describedBy}
                />
                {showLabel && (
                    <button
                        type="button"
                        class={css['show']}
                        aria-pressed={shown}
                        onClick={() => setShown(!shown)}
                    >
                        {showLabel}
                    </button>
                )}
            </div>
            {hint && (
                <p class={css['hint']} id={`${id}h`}>
                    {hint}
                </p>
            )}
            {error && (
                <p class={css['error']} id={`${id}e`} role="alert">
                    {error}
                </p>
            )}
        </div>
    );
}

interface ChoiceProps<T extends string> {
    label: string;
    value: T;
    options: readonly (readonly [value: T, label: string])[];
    onChange: (value: T) => void;
    hint?: string;
}

/** One of a few: a native select. */
export function Select<T extends string>({ label, value, options, onChange, hint }: ChoiceProps<T>) {
    const id = useId();
    return (
        <div class={css['field']}>
            <label for={id}>{label}</label>
            <select
                id={id}
                value={value}
                aria-describedby={hint ? `${id}h` : undefined}
                onChange={(event) => {
                    const chosen = options.find(([each]) => each === event.currentTarget.value);
                    if (chosen) onChange(chosen[0]);
                }}
            >
                {options.map(([each, text]) => (
                    <option key={each} value={each}>
                        {text}
                    </option>
                ))}
            </select>
            {hint && (
                <p class={css['hint']} id={`${id}h`}>
                    {hint}
                </p>
            )}
        </div>
    );
}

/** A few choices that are all seen. */
export function Radios<T extends string>({ label, value, options, onChange }: ChoiceProps<T>) {
    const name = useId();
    return (
        <fieldset class={css['radios']}>
            <legend>{label}</legend>
            <div>
                {options.map(([each, text]) => (
                    <label key={each}>
                        <input
                            type="radio"
                            name={name}
                            checked={each === value}
                            onChange={() => onChange(each)}
                        />
                        <span>{text}</span>
                    </label>
                ))}
            </div>
        </fieldset>
    );
}

export function Check(props: { label: string; checked: boolean; onChange: (checked: boolean) => void }) {
    return (
        <label class={css['check']}>
            <input
                type="checkbox"
                checked={props.checked}
                onChange={(event) => props.onChange(event.currentTarget.checked)}
            />
            <span>{props.label}</span>
        </label>
    );
}

export function Spinner({ label }: { label: string }) {
    return (
        <span class={css['spinner']} role="status">
            <span class="hide">{label}</span>
        </span>
    );
}

export function Kbd({ keys }: { keys: string }) {
    return <kbd class={css['kbd']}>{keys}</kbd>;
}

/** Says that there is nothing, and what to do; `page` if it is all that the page has. */
export function Empty({
    title,
    children,
    page = false,
}: {
    title: string;
    children?: ComponentChildren;
    page?: boolean;
}) {
    return (
        <div class={css['empty']}>
            {page ? <h1 class={css['emptyTitle']}>{title}</h1> : <p class={css['emptyTitle']}>{title}</p>}
            {children}
        </div>
    );
}
