// Returns the document as a reader could see it after opening everything that folds. A frame is only worth keeping when
// it has text of its own. Banners, by their number in the list that finder.js keeps, are no part of it: they ask, and
// only one that has much more to say (a list of cookies) declares something.
((whole, most, banners) => {
  const question = 2000; // characters
  if (!document.documentElement || (!whole && (document.body?.innerText ?? '').length < 500)) return '';
  for (const d of document.querySelectorAll('details')) d.open = true;
  const roots = [];
  const walk = (root) => {
    for (const el of root.querySelectorAll('*')) if (el.shadowRoot) { roots.push(el.shadowRoot); walk(el.shadowRoot); }
  };
  walk(document);
  let html = document.documentElement.getHTML({ shadowRoots: roots });
  for (const banner of banners.map((n) => globalThis.trackscanKept[n])) {
    const inner = banner?.getHTML({ shadowRoots: roots }) ?? '';
    if (!inner || inner.length > 10 * question) continue;
    const words = inner.replace(/<(style|script)\b[^]*?<\/\1>|<[^>]*>/g, '').replace(/\s+/g, ' ');
    if (words.length <= question) html = html.replace(inner, '');
  }
  for (const frame of whole ? document.querySelectorAll('iframe') : []) {
    try {
      const text = frame.contentDocument?.body;
      if (text && text.innerText.length >= 500) html += text.innerHTML;
    } catch { /* of another site: kept by its own session */ }
  }
  return (whole ? `<!doctype html><html lang="${document.documentElement.lang.replace(/["<&]/g, '')}">` : '') + html.slice(0, most);
})
