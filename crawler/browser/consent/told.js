// Reads, in the page's own world, what the page tells trackers about consent: Consent Mode commands, the strings of the
// consent APIs, and which consent managers are there. Nothing is called but those APIs.
(async (globals, groups) => {
  const cut = (s, n) => (typeof s === 'string' ? s.slice(0, n) : '');
  const told = { modes: [], tcf: '', gpp: '', usp: '', purposes: null, action: false, managers: [], groups: [] };
  const attempt = (work) => { try { return work(); } catch { return undefined; } };
  const value = (name) => attempt(() => Object.getOwnPropertyDescriptor(window, name)?.value);

  const command = (entry) => attempt(() => {
    if (!entry || entry[0] !== 'consent' || !['default', 'update'].includes(entry[1]) || told.modes.length >= 100) return;
    const mode = { command: entry[1], granted: [], denied: [] };
    for (const [name, state] of Object.entries(entry[2] ?? {}).slice(0, 30)) {
      if (state === 'granted' || state === 'denied') mode[state].push(cut(name, 60));
    }
    if (mode.granted.length + mode.denied.length) told.modes.push(mode);
  });
  for (const name of Object.keys(window)) {
    const layer = value(name);
    if (Array.isArray(layer) && layer.length < 20000 && layer.some((e) => attempt(() => e && e[0] === 'consent'))) layer.forEach(command);
  }

  const wait = async (done) => { for (let i = 0; i < 50 && !done(); i++) await null; };
  if (typeof window.__tcfapi === 'function') {
    let data;
    attempt(() => window.__tcfapi('getTCData', 2, (d, ok) => { data = ok === false ? null : d ?? null; }));
    await wait(() => data !== undefined);
    if (data) {
      told.tcf = cut(data.tcString, 20000);
      told.purposes = attempt(() => Object.values(data.purpose.consents).filter((v) => v === true).length) ?? null;
      told.action = data.eventStatus === 'useractioncomplete';
    }
  }
  if (typeof window.__gpp === 'function') {
    let data;
    attempt(() => window.__gpp('ping', (d) => { data = d ?? null; }));
    await wait(() => data !== undefined);
    told.gpp = cut(data?.gppString, 20000);
  }
  if (typeof window.__uspapi === 'function') {
    let data;
    attempt(() => window.__uspapi('getUSPData', 1, (d) => { data = d ?? null; }));
    await wait(() => data !== undefined);
    told.usp = cut(data?.uspString, 20);
  }

  globals.forEach((paths, i) => {
    const there = (path) => attempt(() => path.split('.').reduce((o, key) => (o == null ? undefined : o[key]), window)) != null;
    if (paths.some(there)) told.managers.push(i);
  });
  for (const i of told.managers) {
    const list = groups[i] && attempt(() => groups[i]()); // not awaited: a page's promise may never end
    for (const g of Array.isArray(list) ? list.slice(0, 1000) : []) {
      if (Array.isArray(g) && g[0] && g[1]) told.groups.push([cut(g[0], 200), cut(String(g[1]), 100), cut(g[2], 200), cut(g[3], 20)]);
    }
  }
  return JSON.stringify(told);
})
