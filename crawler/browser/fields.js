// Gives the focus to the field of that number and tells what kind of thing belongs into it: "" when there is no such
// field, "skip" for one that is left alone. Of -1 it takes the focus away, as a visitor does who goes on reading.
(number) => {
  let active = document.activeElement;
  while (active && active.shadowRoot && active.shadowRoot.activeElement) active = active.shadowRoot.activeElement;
  if (number < 0) {
    if (active) active.blur();
    return '""';
  }
  const kinds = { text: 'text', email: 'email', tel: 'tel', password: 'password', url: 'skip', number: 'skip' };
  const within = (root) => [...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? [e, ...within(e.shadowRoot)] : [e]));
  const fields = within(document).filter((f) =>
    (f.localName === 'textarea' || f.localName === 'input' && kinds[f.type]) && !f.disabled && !f.readOnly && f.getClientRects().length > 0);
  const field = fields[number];
  if (!field) return '""';
  const hint = [field.name, field.id, field.autocomplete, field.placeholder, field.labels && field.labels[0] ? field.labels[0].textContent : ''].join(' ').toLowerCase();
  let kind = field.localName === 'textarea' ? 'text' : kinds[field.type];
  if (kind === 'text' && /e-?mail/.test(hint)) kind = 'email';
  else if (kind === 'text' && /phone|tel(?!l)|mobile|handy/.test(hint)) kind = 'tel';
  else if (kind === 'text' && /name|vorname|nom\b/.test(hint)) kind = 'name';
  else if (/search|suche|query/.test(hint) || field.closest('[role=search]') || field.value !== '') kind = 'skip';
  if (kind !== 'skip') field.focus();
  return JSON.stringify(kind);
}
