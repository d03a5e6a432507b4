/** iOS lays its keyboard over the page; there the page is made as high as what is left. */
export function followViewport(): void {
    const view = window.visualViewport;
    if (!view || 'virtualKeyboard' in navigator) return;
    const fit = () => {
        const covered = innerHeight - view.height > 80;
        const style = document.documentElement.style;
        if (covered) style.setProperty('--view-height', `${view.height}px`);
        else style.removeProperty('--view-height');
    };
    view.addEventListener('resize', fit);
}
