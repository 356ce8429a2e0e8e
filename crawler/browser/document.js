// Returns the document as a reader could see it after opening everything that folds. A frame is only worth keeping when
// it has text of its own.
((whole, most) => {
  if (!document.documentElement || (!whole && (document.body?.innerText ?? '').length < 500)) return '';
  for (const d of document.querySelectorAll('details')) d.open = true;
  const roots = [];
  const walk = (root) => {
    for (const el of root.querySelectorAll('*')) if (el.shadowRoot) { roots.push(el.shadowRoot); walk(el.shadowRoot); }
  };
  walk(document);
  let html = document.documentElement.getHTML({ shadowRoots: roots });
  for (const frame of whole ? document.querySelectorAll('iframe') : []) {
    try {
      const text = frame.contentDocument?.body;
      if (text && text.innerText.length >= 500) html += text.innerHTML;
    } catch { /* of another site: kept by its own session */ }
  }
  return (whole ? `<!doctype html><html lang="${document.documentElement.lang.replace(/["<&]/g, '')}">` : '') + html.slice(0, most);
})
