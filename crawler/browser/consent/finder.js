// Looks for consent banners in one frame, in a world of its own: ask(op, args) answers with JSON. It changes nothing
// unless it is told to press. Elements are known by their number in the list that the world keeps.
((op, args) => {
  'use strict';
  const kept = (globalThis.trackscanKept ??= []);
  const keep = (el) => { const i = kept.indexOf(el); return i < 0 ? kept.push(el) - 1 : i; };
  const cut = (s, n) => String(s ?? '').replace(/\s+/g, ' ').trim().slice(0, n);
  const up = (el) => el.assignedSlot ?? el.parentElement ?? el.parentNode?.host ?? null;

  // roots are the document and every open shadow root below it.
  const roots = (() => {
    const all = [document];
    for (let i = 0; i < all.length && all.length < 500; i++) {
      for (const el of all[i].querySelectorAll('*')) if (el.shadowRoot) all.push(el.shadowRoot);
    }
    return all;
  })();
  const deep = (selector) => {
    const found = [];
    for (const root of roots) {
      try { found.push(...root.querySelectorAll(selector)); } catch { /* a selector that this browser does not know */ }
    }
    return found;
  };
  // inside tells whether el lies in box, shadow roots included.
  const inside = (el, box) => { for (let e = el; e; e = up(e)) if (e === box) return true; return false; };

  const styles = new Map();
  const styleOf = (el) => { let s = styles.get(el); if (!s) styles.set(el, s = getComputedStyle(el)); return s; };
  // coming holds what fades or slides in at this moment, by property: a window that is drawn rarely may show its first
  // frame of that long after. What a visitor is about to see counts as seen.
  const coming = { opacity: new Set(), visibility: new Set(), place: new Set(), size: new Set() };
  const placing = ['transform', 'translate', 'top', 'right', 'bottom', 'left', 'marginTop', 'marginBottom'];
  const sizing = ['height', 'maxHeight', 'width', 'maxWidth', 'gridTemplateRows'];
  for (const a of roots.flatMap((r) => r.getAnimations())) {
    const end = a.playState === 'running' && a.effect?.getKeyframes().at(-1);
    if (end?.visibility === 'visible') coming.visibility.add(a.effect.target);
    if (Number(end?.opacity) > 0) coming.opacity.add(a.effect.target);
    if (end && placing.some((p) => p in end)) coming.place.add(a.effect.target);
    if (end && sizing.some((p) => p in end)) coming.size.add(a.effect.target);
  }
  const comes = (el, property) => { for (let e = el; e; e = up(e)) if (coming[property].has(e)) return true; return false; };
  const shown = (el) => el.checkVisibility({
    contentVisibilityAuto: true, visibilityProperty: !comes(el, 'visibility'), opacityProperty: !comes(el, 'opacity'),
  });
  // clipped tells whether what lies around el cuts it off, as a part that is folded up does.
  const clipped = (el, r) => {
    let place = styleOf(el).position;
    for (let e = up(el); e && e !== document.body && place !== 'fixed'; e = up(e)) {
      const s = styleOf(e);
      if (place === 'absolute' && s.position === 'static') continue; // lies around it only in the text of the page
      place = s.position;
      if (!/hidden|clip/.test(s.overflowX + s.overflowY) || coming.size.has(e)) continue;
      const box = e.getBoundingClientRect();
      if (Math.min(r.right, box.right) - Math.max(r.left, box.left) < 6 || Math.min(r.bottom, box.bottom) - Math.max(r.top, box.top) < 6) return true;
    }
    return false;
  };
  // reachable tells whether a visitor sees el: not squeezed to nothing, not cut off, and not pushed out of the window for
  // good.
  const reachable = (el) => {
    if (!shown(el)) return false;
    const r = el.getBoundingClientRect();
    if (r.width < 6 || r.height < 6 || clipped(el, r) && !comes(el, 'place')) return false;
    if (r.right > 1 && r.left < innerWidth - 1 && r.bottom > 1 && r.top < innerHeight - 1 || comes(el, 'place')) return true;
    for (let e = el; e; e = up(e)) {
      const s = styleOf(e);
      if (/auto|scroll/.test(s.overflowY) && e.scrollHeight > e.clientHeight + 1 && e !== document.body) return reachable(e);
      if (s.position === 'fixed') return false;
    }
    return r.right > 1 && r.left < innerWidth - 1 && r.bottom + scrollY > 1;
  };
  const textOf = (el, most) => {
    let out = '', nodes = 0;
    const walk = (n) => {
      if (out.length > most || ++nodes > 6000) return;
      if (n.nodeType === 3) { out += n.data; return; }
      if (n.nodeType !== 1 || /^(SCRIPT|STYLE|NOSCRIPT|TEMPLATE|SVG|svg|OPTION)$/.test(n.tagName) || !shown(n) && n.tagName !== 'SLOT') return;
      out += ' ';
      const slotted = n.tagName === 'SLOT' ? n.assignedNodes() : [];
      for (const c of slotted.length ? slotted : (n.shadowRoot ?? n).childNodes) walk(c);
      out += ' ';
    };
    walk(el);
    return cut(out, most);
  };

  const clickable = 'button, [role=button], [type=button], [type=submit], a, [onclick], [role=link], summary';
  const labelOf = (el) => {
    const said = cut(textOf(el, 120) || el.value, 120);
    return said || cut(el.getAttribute('aria-label') || el.title || el.querySelector('img[alt]')?.alt, 120);
  };
  // A link to a place on this page is a button, as is one to nowhere; one to this page itself is a menu's.
  const button = (el) => {
    const link = el.closest('a[href]');
    let href = '';
    try {
      const raw = link?.getAttribute('href').trim();
      const u = raw && new URL(raw, document.baseURI);
      if (u && /^https?:$/.test(u.protocol) && !(raw.includes('#') && u.href.split('#')[0] === location.href.split('#')[0])) href = u.href;
    } catch { /* no address */ }
    return { n: keep(el), text: labelOf(el), href: href.slice(0, 2000), off: el.disabled === true || el.getAttribute('aria-disabled') === 'true' };
  };
  const switchLabel = (el) => {
    const ids = (el.getAttribute('aria-labelledby') ?? '').split(/\s+/).filter(Boolean);
    const named = ids.map((id) => el.getRootNode().getElementById?.(id)?.textContent).filter(Boolean).join(' ');
    const label = named || el.getAttribute('aria-label') || el.labels?.[0]?.textContent || el.closest('label')?.textContent || '';
    if (/\p{L}{3}/u.test(label)) return cut(label, 120);
    for (let e = up(el), i = 0; e && i < 4; e = up(e), i++) if (/\p{L}{3}/u.test(e.textContent)) return cut(e.textContent, 120);
    return cut(el.name || el.id || el.value, 120);
  };
  const switches = (box) => deep('input[type=checkbox], [role=switch], [role=checkbox]').filter((el) => !box || inside(el, box))
    .slice(0, 100).map((el) => ({
      n: keep(el), text: switchLabel(el), on: el.checked ?? el.getAttribute('aria-checked') === 'true',
      off: el.disabled === true || el.getAttribute('aria-disabled') === 'true' || el.getAttribute('aria-readonly') === 'true',
      seen: shown(el) || [...el.labels ?? []].some(shown) || !!up(el) && shown(up(el)),
    }));
  const typing = 'input:not([type]), input[type=text], input[type=email], input[type=password], input[type=tel], textarea, select';
  // called tells whether the name of el says that it is about cookies, whatever its text says.
  const called = (el) => /cookie|consent|gdpr|rgpd|dsgvo/i.test(`${el.id} ${el.getAttribute('class') ?? ''} ${el.tagName}`);
  const boxOf = (el, manager, list) => ({
    n: keep(el), manager, text: textOf(el, 4000), tag: el.tagName.toLowerCase(), named: called(el),
    buttons: list.filter((b) => inside(b, el)).slice(0, 60).map(button),
    switches: switches(el),
    fields: deep(typing).filter((f) => inside(f, el) && shown(f)).length,
  });

  // Elements that lie over a page, or whose name says cookies.
  const named = /cookie|consent|gdpr|rgpd|dsgvo|privacy|cmp[-_]|lgpd|kvkk|tracking-?notice/i;
  const overlays = (el) => {
    const found = [];
    for (let e = up(el); e && e !== document.body && e !== document.documentElement; e = up(e)) {
      const s = styleOf(e), role = e.getAttribute('role');
      const over = s.position === 'fixed' || s.position === 'sticky' || s.position === 'absolute' && Number(s.zIndex) >= 10;
      const dialog = e.tagName === 'DIALOG' && e.open || role === 'dialog' || role === 'alertdialog' || e.getAttribute('aria-modal') === 'true' || e.popover && e.matches(':popover-open');
      if (over || dialog || named.test(e.id + ' ' + (e.getAttribute('class') ?? '') + ' ' + e.tagName) || edge(e)) found.push(e);
    }
    if (self !== top) found.push(document.body); // whoever asks about a frame has seen that it lies over the page
    return found;
  };
  // edge tells whether el is the first or one of the last parts of the page, and only a strip of it.
  const edge = (el) => {
    const parent = up(el);
    if (parent !== document.body && up(parent) !== document.body) return false;
    const parts = [...parent.children].filter((e) => !/^(SCRIPT|STYLE|LINK|TEMPLATE|NOSCRIPT)$/.test(e.tagName) && shown(e));
    const at = parts.indexOf(el);
    return parts.length > 1 && at >= 0 && (at < 2 || at >= parts.length - 3) && el.getBoundingClientRect().height < innerHeight * 0.7;
  };

  const look = ({ banners, words }) => {
    const topic = new RegExp(words, 'u');
    const plain = (s) => s.toLowerCase().normalize('NFKD').replace(/\p{Mn}/gu, '');
    const boxes = [], taken = [];
    let list = null;
    const buttons = () => (list ??= deep(clickable).slice(0, 5000).filter(reachable));
    const any = banners.flat();
    if (any.length && deep(any.join(', ')).length) {
      banners.forEach((selectors, manager) => {
        for (const el of selectors.length ? deep(selectors.join(', ')) : []) {
          if (taken.some((t) => inside(el, t)) || !buttons().some((b) => inside(b, el))) continue;
          taken.push(el);
          boxes.push(boxOf(el, manager, buttons()));
        }
      });
    }
    const page = roots.map((r) => (r.body ?? r).textContent ?? '').join(' ');
    if (boxes.length === 0 && deep('[id*=cookie i], [class*=cookie i], [id*=consent i], [class*=consent i]').length || topic.test(plain(page.length > 300000 ? page.slice(0, 150000) + page.slice(-150000) : page))) {
      const texts = new Map();
      for (const b of buttons()) for (const o of overlays(b)) if (!texts.has(o)) texts.set(o, textOf(o, 6001));
      const fit = [...texts].filter(([o, t]) => t.length <= 6000 && (called(o) || topic.test(plain(t))) && !taken.some((x) => inside(o, x) || inside(x, o)));
      for (const [o] of fit) {
        if (boxes.length < 20 && !fit.some(([other]) => other !== o && inside(o, other))) boxes.push(boxOf(o, -1, buttons()));
      }
    }
    const frames = deep('iframe').filter((f) => {
      if (!reachable(f)) return false;
      const r = f.getBoundingClientRect();
      if (r.width < 150 || r.height < 50) return false;
      if (named.test(f.id + ' ' + f.className + ' ' + f.title + ' ' + f.name + ' ' + f.src)) return true;
      for (let e = f; e && e !== document.body; e = up(e)) {
        const s = styleOf(e);
        if (s.position === 'fixed' || s.position === 'absolute' && Number(s.zIndex) >= 10 || e.getAttribute('role') === 'dialog') return true;
      }
      return false;
    }).length;
    return { boxes, frames, switches: boxes.length ? switches(null) : [] };
  };

  // settle ends what moves an element, so that what is pressed is what was aimed at.
  const settle = (el) => {
    for (let e = el; e; e = up(e)) for (const a of e.getAnimations?.() ?? []) try { a.finish(); } catch { /* it has no end */ }
  };
  // aim brings an element into view and tells where to press, and whether something else lies on top of it.
  const aim = ({ n }) => {
    const el = kept[n];
    if (!el?.isConnected) return { gone: true };
    settle(el);
    el.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
    const target = el.matches('input') && !shown(el) ? [...el.labels ?? []].find(shown) ?? up(el) : el;
    const r = target.getBoundingClientRect();
    const x = r.left + r.width / 2, y = r.top + r.height / 2;
    let top = document.elementFromPoint(x, y);
    while (top?.shadowRoot) { const t = top.shadowRoot.elementFromPoint(x, y); if (!t || t === top) break; top = t; }
    globalThis.trackscanHit = false;
    el.addEventListener('click', () => { globalThis.trackscanHit = true; }, { capture: true, once: true });
    return { x, y, covered: !top || !inside(top, target) };
  };
  // press clicks what the mouse did not reach.
  const press = ({ n }) => {
    const el = kept[n];
    if (!globalThis.trackscanHit && el?.isConnected) el.click();
    return { hit: globalThis.trackscanHit };
  };
  const find = ({ selector, text }) => {
    const plain = (s) => s.toLowerCase().normalize('NFKC').trim();
    const seen = deep(selector || clickable).filter(reachable);
    const el = text ? seen.find((e) => plain(labelOf(e)) === plain(text)) ?? seen.find((e) => plain(labelOf(e)).includes(plain(text))) : seen[0];
    return { n: el ? keep(el) : -1 };
  };
  return JSON.stringify({ look, aim, press, find }[op](args));
})
