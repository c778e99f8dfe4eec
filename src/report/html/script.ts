/**
 * The page's own script: copy buttons, the filter, Escape, and for printing what is folded: each check's page once, and
 * not what passed or was guessed. The page says the same without it.
 */
export const script = `'use strict';
for (const button of document.querySelectorAll('button.copy')) {
  const text = button.previousElementSibling;
  button.hidden = false;
  button.addEventListener('click', async () => {
    let done = true;
    try {
      await navigator.clipboard.writeText(text.textContent);
    } catch {
      const range = document.createRange();
      range.selectNodeContents(text);
      const selection = getSelection();
      selection.removeAllRanges();
      selection.addRange(range);
      done = document.execCommand('copy');
    }
    button.textContent = done ? 'Copied' : 'Press Ctrl+C';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
}

for (const box of document.querySelectorAll('.filter')) {
  box.hidden = false;
  const filter = box.querySelector('input');
  const section = box.closest('section');
  const cards = [...section.querySelectorAll('.finding')];
  const count = box.querySelector('output');
  filter.addEventListener('input', () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const card of cards) card.hidden = !card.textContent.toLowerCase().includes(wanted);
    for (const group of section.querySelectorAll('.group')) {
      group.hidden = !group.querySelector('.finding:not([hidden])');
    }
    const shown = cards.filter((card) => !card.hidden).length;
    count.textContent = wanted === '' ? '' : shown + ' of ' + cards.length;
  });
}

let opener;
const cells = [...document.querySelectorAll('.matrix a')];
for (const link of cells) link.addEventListener('click', () => { opener = link; });
function mark() {
  for (const link of cells) {
    if (link.hash === location.hash) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  const place = document.getElementById(location.hash.slice(1));
  if (place && place.matches('.panel, .finding, .node')) place.focus({ preventScroll: !place.matches('.panel') });
}
addEventListener('hashchange', mark);
mark();
addEventListener('keydown', (event) => {
  const panel = document.querySelector('.panel:target');
  if (event.key !== 'Escape' || !panel) return;
  const id = panel.id;
  location.hash = '#cell-' + id;
  const cell = opener || document.querySelector('.matrix a[href="#' + id + '"]');
  if (cell) cell.focus();
});

let opened = [];
addEventListener('beforeprint', () => {
  const pages = new Set([...document.querySelectorAll('details.page[open] > summary')].map((each) => each.textContent));
  opened = [...document.querySelectorAll('details:not([open], .background)')].filter((each) => {
    const title = each.firstElementChild.textContent;
    const isRepeated = each.matches('.page') && pages.has(title);
    pages.add(title);
    return !isRepeated;
  });
  for (const each of opened) each.open = true;
});
addEventListener('afterprint', () => {
  for (const each of opened) each.open = false;
});
`;
