// Runs in the page at the end of a visit and gathers what only the document knows.
(() => {
  const cut = (s, n) => String(s ?? '').replace(/\s+/g, ' ').trim().slice(0, n);
  const links = [];
  const add = (el, rel) => {
    try {
      const url = new URL(el.getAttribute('href'), document.baseURI).href;
      if (/^https?:/.test(url) && url.length < 4096 && links.length < 20000) {
        links.push([url, cut(el.innerText || el.textContent || el.getAttribute('aria-label') || el.getAttribute('title') || el.getAttribute('alt'), 200), rel]);
      }
    } catch { /* no URL */ }
  };
  const rels = { A: 'a', AREA: 'area' };
  const walk = (root) => {
    for (const el of root.querySelectorAll('a[href], area[href], link[href], meta[http-equiv], *')) {
      if (el.shadowRoot) walk(el.shadowRoot);
      if (rels[el.tagName]) { if (el.hasAttribute('href')) add(el, rels[el.tagName]); } else if (el.tagName === 'LINK' && /(^|\s)(canonical|alternate)(\s|$)/i.test(el.rel)) {
        if (!el.type || /html/i.test(el.type)) add(el, /canonical/i.test(el.rel) ? 'canonical' : 'alternate');
      }
    }
  };
  walk(document);
  const tiny = [];
  for (const img of document.images) {
    const w = img.getAttribute('width'), h = img.getAttribute('height');
    const declared = w !== null && h !== null && Number(w) <= 1 && Number(h) <= 1;
    if ((declared || (img.complete && img.naturalWidth > 0 && img.naturalWidth <= 1 && img.naturalHeight <= 1)) && tiny.length < 1000) tiny.push(img.currentSrc || img.src);
  }
  const seen = (el) => el.checkVisibility ? el.checkVisibility({ visibilityProperty: true }) : true;
  const blank = !(document.body?.innerText ?? '').trim() &&
    !document.querySelector('img, svg, canvas, video, audio, iframe, frame, object, embed, input, button');
  // A password that is chosen, and typed twice or marked as new, is none that a visitor has.
  const fields = [...document.querySelectorAll('input[type=password]')].filter(seen);
  const password = fields.some((f) => !/new-password/i.test(f.autocomplete) && !fields.some((g) => g !== f && g.form === f.form));
  // Code that starts a tag of Google's, also where it is kept from running.
  const code = [...document.querySelectorAll('script:not([src])')].map((s) => s.textContent).filter((s) => s.includes('config')).slice(0, 50).map((s) => s.slice(0, 10000));
  // What markup has the browser do for advertising, by the names of the properties.
  const markup = {};
  const asked = { attributionsrc: 'attributionSrc', browsingtopics: 'browsingTopics', adauctionheaders: 'adAuctionHeaders', sharedstoragewritable: 'sharedStorageWritable' };
  for (const [attribute, property] of Object.entries(asked)) {
    for (const el of document.querySelectorAll(`:is(a, img, script, iframe)[${attribute}]`)) markup[el.constructor.name + '.' + property] = true;
  }
  return JSON.stringify({
    url: location.href, title: cut(document.title, 300), lang: cut(document.documentElement.lang, 35),
    mime: document.contentType, links, tiny, blank, password, code, markup: Object.keys(markup),
  });
})()
