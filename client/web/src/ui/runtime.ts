// The only import of the UI library: to leave it, this file changes (JSX is the compiler's).
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
