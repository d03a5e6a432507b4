// The only import of the UI library: to leave it, this file changes (JSX is the compiler's).
import { type Component, createElement, type FunctionComponent } from 'preact';

export {
    batch,
    computed,
    effect,
    type ReadonlySignal,
    type Signal,
    signal,
    untracked,
} from '@preact/signals';
export { useComputed, useSignal, useSignalEffect } from '@preact/signals';
export {
    type ComponentChild,
    type ButtonHTMLAttributes,
    type ComponentChildren,
    createContext,
    Fragment,
    type FunctionComponent,
    type JSX,
    type RefObject,
    render,
    type VNode,
} from 'preact';
export {
    useCallback,
    useContext,
    useEffect,
    useErrorBoundary,
    useId,
    useLayoutEffect,
    useMemo,
    useRef,
    useState,
} from 'preact/hooks';

/** A component that is drawn again only when one of its properties is another. */
export function memo<P extends object>(draw: FunctionComponent<P>): FunctionComponent<P> {
    const keys = (props: object) => Object.keys(props) as (keyof typeof props)[];
    const differ = (before: object, now: object) =>
        keys(now).some((key) => now[key] !== before[key]) || keys(before).some((key) => !(key in now));
    return function Kept(this: Component<P>, props: P) {
        this.shouldComponentUpdate = (next) => differ(this.props, next);
        return createElement(draw, props);
    } as FunctionComponent<P>;
}
