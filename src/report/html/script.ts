/**
 * The pages' only script. Without it everything can be read: a dot is a link to its decision. With it, a card
 * beside the dot shows the decision, arrow keys go from dot to dot (one tab stop for all of them), Escape puts
 * the card away, and a line through all figures marks the moment.
 */
export const SCRIPT = `
(() => {
  const root = document.documentElement;
  const card = document.getElementById('card');
  const dots = [...document.querySelectorAll('#dots a')];
  const contentOf = (index) => document.getElementById('d-' + index);

  const show = (mark, index) => {
    const content = contentOf(index);
    if (!content) return;
    const details = content.closest('details');
    const head = document.createElement('p');
    head.className = 'head';
    head.append(...[...details.querySelector('summary').cloneNode(true).childNodes]);
    const body = [...content.cloneNode(true).childNodes];
    card.replaceChildren(head, ...body);
    for (const part of card.querySelectorAll('[tabindex]')) part.removeAttribute('tabindex');
    card.hidden = false;
    root.classList.add('pointing');
    root.style.setProperty('--at', details.dataset.x);
    place(mark);
  };

  // Below or above the whole drawing, so that it does not cover the other dots; beside the dot where there is no room.
  const place = (mark) => {
    const dot = mark.getBoundingClientRect();
    const plot = mark.closest('.plot').getBoundingClientRect();
    const width = root.clientWidth;
    card.style.left = '0';
    const box = card.getBoundingClientRect();
    const tops = [plot.bottom + 26, plot.top - 12 - box.height, dot.bottom + 8, dot.top - 8 - box.height];
    const top = tops.find((candidate) => candidate >= 0 && candidate + box.height <= innerHeight) ?? tops[0];
    const left = Math.min(Math.max(12, dot.left + dot.width / 2 - box.width / 2), width - box.width - 12);
    card.style.left = Math.max(0, left) + scrollX + 'px';
    card.style.top = top + scrollY + 'px';
  };

  const hide = () => {
    card.hidden = true;
    root.classList.remove('pointing');
  };

  const reveal = (index) => {
    const details = contentOf(index)?.closest('details');
    if (!details) return;
    details.open = true;
    hide();
    details.querySelector('summary').focus({ preventScroll: true });
    details.scrollIntoView({ block: 'center' });
  };

  const goTo = (dot) => {
    if (!dot) return;
    for (const other of dots) other.tabIndex = other === dot ? 0 : -1;
    dot.focus();
  };

  for (const mark of document.querySelectorAll('[data-d]')) {
    mark.addEventListener('pointerenter', () => show(mark, mark.dataset.d));
    mark.addEventListener('click', (event) => {
      event.preventDefault();
      reveal(mark.dataset.d);
    });
  }
  // The card stays while the pointer is in the drawing or the card, so that one can move into it.
  const leave = ({ relatedTarget }) => {
    if (relatedTarget === null || !relatedTarget.closest('#card, .frame')) hide();
  };
  for (const area of [card, ...document.querySelectorAll('.frame')]) area.addEventListener('pointerleave', leave);
  dots.forEach((dot, index) => {
    dot.tabIndex = index === 0 ? 0 : -1;
    dot.addEventListener('focus', () => show(dot, dot.dataset.d));
    dot.addEventListener('blur', hide);
    dot.addEventListener('keydown', (event) => {
      const steps = { ArrowRight: index + 1, ArrowDown: index + 1, ArrowLeft: index - 1, ArrowUp: index - 1, Home: 0, End: dots.length - 1 };
      if (!(event.key in steps)) return;
      event.preventDefault();
      goTo(dots[steps[event.key]]);
    });
  });
  addEventListener('keydown', ({ key }) => { if (key === 'Escape') hide(); });
  for (const link of document.querySelectorAll('a[href^="#d-"]:not([data-d])')) {
    link.addEventListener('click', (event) => {
      event.preventDefault();
      reveal(link.hash.slice(3));
    });
  }
})();
`;
