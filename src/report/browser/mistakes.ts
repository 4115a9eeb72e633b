/**
 * A click on a cell of the confusion matrix shows the mistakes of this cell; a second one hides them. It is
 * heard at the document, so the matrix may be written anew at any time.
 */
export function startMistakes(): void {
  document.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('[data-cell]') : null;
    const place = document.querySelector<HTMLElement>('.mistakes');
    if (!button || !place) return;
    const wanted = button.getAttribute('aria-pressed') === 'true' ? undefined : button.dataset.cell;
    for (const one of document.querySelectorAll<HTMLElement>('[data-cell]')) {
      one.setAttribute('aria-pressed', String(one.dataset.cell === wanted));
    }
    const templates = document.querySelectorAll<HTMLTemplateElement>('template[data-mistakes]');
    const template = [...templates].find(({ dataset }) => dataset.mistakes === wanted);
    place.replaceChildren(...(template ? [template.content.cloneNode(true)] : []));
    if (template) place.scrollIntoView({ block: 'nearest' });
  });
}
