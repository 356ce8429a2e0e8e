// Runs in every frame and worker before the first line of the page, and tells who sets cookies and storage. What it
// wraps keeps its behaviour, its name, the look of native code and the stacks of its errors; nothing is added to the
// page's global object. Each part is a function that hooks more, with the tools that are made here.
((mark, parts) => {
  'use strict';
  const say = console.trace.bind(console);
  const { apply } = Reflect;
  const { stringify } = JSON;
  const now = Date.now.bind(Date);
  const text = String;
  const define = Object.defineProperty;
  const { assign, getOwnPropertyDescriptor: describe } = Object;
  // own has nothing of what a page may have given to all objects.
  const own = (object, key) => {
    const d = describe(object, key);
    return d && assign({ __proto__: null }, d);
  };
  const capture = Error.captureStackTrace;
  const { exec } = RegExp.prototype;
  const { find, forEach } = Array.prototype;
  const { split, slice, trim, indexOf } = String.prototype;
  const unbox = String.prototype.valueOf;
  const { getTime } = Date.prototype;
  const listenTo = self.EventTarget && EventTarget.prototype.addEventListener;
  const Address = URL;

  // handed is a text that a page hands over: what makes itself a text only when it is asked is not asked once more.
  const handed = (value) => {
    if (typeof value !== 'object' && typeof value !== 'function') return text(value);
    try { return apply(unbox, value, []); } catch { return ''; }
  };
  const cut = (string, length) => apply(slice, string, [0, length]);
  // field is a member of an object that a page hands over, when that can be had without the page's code.
  const field = (object, name) => {
    const d = object && own(object, name);
    return d && d.value;
  };

  // safe gives a collection methods of its own, so that a page that replaces those of the prototype changes nothing.
  const safe = (collection, ...names) => {
    for (const name of names) define(collection, name, { value: collection[name] });
    return collection;
  };

  // What frames of one origin share; only we can ask for it, by the mark. Of natives: what stands in for which native
  // function, for a page may have a function of one frame described by the toString of another. Of aloud: how the
  // outermost of them speaks, for a page may use the functions of a frame that it has taken away.
  const shared = (() => {
    try {
      const outer = self.parent !== self && apply(parent.Function.prototype.toString, mark, []);
      if (typeof outer === 'object') return outer;
    } catch { /* another origin, or the top */ }
    return { __proto__: null, natives: safe(new WeakMap(), 'get', 'set'), aloud: say };
  })();
  const { natives, aloud } = shared;
  const gone = () => self.top === null; // a frame that was taken away: it says nothing and ends no run of its own
  const mimic = (wrapper, fn) => {
    for (const key of ['length', 'name']) define(wrapper, key, own(fn, key));
    natives.set(wrapper, natives.get(fn) || fn);
    return wrapper;
  };

  // plainly runs what reads a stack without the format and the limit that a page may have set for its own, which it
  // would hear of.
  const Failure = Error;
  const plainly = (read) => {
    const format = own(Failure, 'prepareStackTrace');
    const limit = own(Failure, 'stackTraceLimit');
    try {
      if (format) delete Failure.prepareStackTrace;
      define(Failure, 'stackTraceLimit', { __proto__: null, value: 30, writable: true, enumerable: true, configurable: true });
      return read();
    } catch {
      return ''; // a page that froze Error
    } finally {
      try {
        if (limit) define(Failure, 'stackTraceLimit', limit); else delete Failure.stackTraceLimit;
        if (format) define(Failure, 'prepareStackTrace', format);
      } catch { /* as above */ }
    }
  };
  // clean takes our frame out of the stack of an error that a native function threw at its caller.
  const clean = (error, wrapper) => {
    try {
      const top = apply(split, plainly(() => error.stack), ['\n    at '])[1];
      if (apply(exec, /^(?!.*eval at).*<anonymous>:\d+:\d+\)?$/, [top])) capture(error, wrapper);
    } catch { /* no error at all */ }
    return error;
  };

  // tell sends one note; the stack that goes along with console.trace names the caller.
  const tell = (note) => {
    try {
      (gone() ? aloud : say)(mark, stringify(assign({ __proto__: null }, note, { o: self.origin, u: self.location.href, t: now() })));
    } catch { /* a page that broke JSON or console must not break on our account */ }
  };
  const wrap = (fn, after) => {
    const wrapper = mimic({
      call(...args) {
        let result;
        try { result = apply(fn, this, args); } catch (error) { throw clean(error, wrapper); }
        try { after(this, args, result); } catch { /* as above */ }
        return result;
      },
    }.call, fn);
    return wrapper;
  };
  const wrapMethod = (proto, name, after) => {
    const d = proto && own(proto, name);
    if (d && typeof d.value === 'function') define(proto, name, { ...d, value: wrap(d.value, after) });
  };
  // follow hears what becomes of a promise. Whoever listens to one answers for its failure, which the browser then tells
  // nobody: so the page gets the promise that comes of listening in place of the first one.
  const { then } = Promise.prototype;
  const follow = (proto, name, listen) => {
    const d = proto && own(proto, name);
    if (!d || typeof d.value !== 'function') return;
    const wrapper = mimic({
      call(...args) {
        let result;
        try { result = apply(d.value, this, args); } catch (error) { throw clean(error, wrapper); }
        try {
          const { arrived, failed } = listen(this, args);
          define(result, 'constructor', { value: undefined }); // or the page is asked for one
          return apply(then, result, [(value) => { arrived(value); return value; }, (error) => { failed(error); throw error; }]);
        } catch { return result; }
      },
    }.call, d.value);
    define(proto, name, { ...d, value: wrapper });
  };

  {
    const d = own(Function.prototype, 'toString');
    const wrapper = mimic({
      call() {
        if (this === mark) return shared;
        try { return apply(d.value, (this && natives.get(this)) || this, []); } catch (error) { throw without(error); }
      },
    }.call, d.value);
    // The native one has a frame of its own in the stack; ours stands below it.
    const without = (error) => {
      try {
        const { 0: what, 1: native, 2: ours } = apply(split, error.stack, ['\n']);
        if (!apply(exec, /<anonymous>:\d/, [ours])) return error;
        error.stack = what + '\n' + native + apply(slice, error.stack, [what.length + native.length + ours.length + 2]);
      } catch { /* as in clean */ }
      return error;
    };
    define(Function.prototype, 'toString', { ...d, value: wrapper });
  }

  if (typeof Document === 'function') {
    const d = own(Document.prototype, 'cookie');
    const cookies = d.get;
    define(Document.prototype, 'cookie', {
      ...d,
      set: wrap(d.set, (doc, args) => {
        const line = handed(args[0]);
        const name = apply(trim, apply(split, line, [';', 1])[0], []);
        const at = doc.defaultView && doc.defaultView.location ? doc.defaultView.location.href : doc.URL;
        const seen = apply(indexOf, '; ' + apply(cookies, doc, []) + ';', ['; ' + name + ';']) >= 0;
        tell({ k: 'cookie', v: cut(line, 8192), seen, at });
      }),
    });
  }

  if (typeof CookieStore === 'function') {
    const fields = (args) => {
      const whole = typeof args[0] === 'object' && args[0] !== null;
      const o = (name) => whole ? field(args[0], name) : name === 'name' ? args[0] : name === 'value' ? args[1] : undefined;
      const time = (value) => {
        if (value == null || typeof value === 'number') return value ?? null;
        try { return apply(getTime, value, []); } catch { return null; }
      };
      return {
        __proto__: null, name: handed(o('name')), value: cut(handed(o('value') ?? ''), 8192), domain: handed(o('domain') ?? ''),
        path: handed(o('path') ?? '') || '/', expires: time(o('expires')), maxAge: time(o('maxAge')), partitioned: !!o('partitioned'),
        sameSite: handed(o('sameSite') ?? 'strict'),
      };
    };
    follow(CookieStore.prototype, 'set', (store, args) => {
      const c = fields(args);
      tell({ k: 'cookiestore', c });
      return { arrived: () => {}, failed: (e) => tell({ k: 'cookiestore-refused', c, why: text(e && e.name) }) };
    });
    wrapMethod(CookieStore.prototype, 'delete', (store, args) => tell({ k: 'cookiestore-delete', c: fields(args) }));
  }

  if (typeof Storage === 'function') {
    // Items can also be set as properties (localStorage.key = ...), which no hook sees: a key that is found later was
    // set by whoever reached for the storage last.
    const length = own(Storage.prototype, 'length').get;
    const keyAt = Storage.prototype.key;
    const areas = [];
    const settle = (state) => {
      const n = apply(length, state.area, []);
      if (n === state.count) return;
      state.count = n;
      for (let i = 0; i < n && i < 1000; i++) {
        const key = apply(keyAt, state.area, [i]);
        if (state.keys.has(key)) continue;
        state.keys.add(key);
        if (state.last) tell({ k: 'storage', s: state.kind, key: cut(key, 4096), stack: cut(text(state.last.stack), 8192) });
      }
    };
    for (const kind of ['localStorage', 'sessionStorage']) {
      const d = own(self, kind);
      let area;
      try { area = d && apply(d.get, self, []); } catch { /* opaque origins have none */ }
      if (!area) continue;
      const state = { kind, area, keys: safe(new Set(Object.keys(area)), 'has', 'add'), told: safe(new Set(), 'has', 'add'), count: apply(length, area, []), last: null };
      areas.push(state);
      define(self, kind, { ...d, get: wrap(d.get, () => { settle(state); state.last = new Failure(); }) });
    }
    wrapMethod(Storage.prototype, 'setItem', (area, args) => {
      const key = handed(args[0]);
      const state = apply(find, areas, [(s) => s.area === area]);
      if (!state || state.told.has(key)) return;
      if (key === '' && args[0] !== '') return; // an object, whose text is found later
      state.told.add(key);
      if (!state.keys.has(key)) {
        state.keys.add(key);
        settle(state);
      }
      tell({ k: 'storage', s: state.kind, key: cut(key, 4096) });
    });
    self.addEventListener('pagehide', () => apply(forEach, areas, [settle]), true);
  }

  if (typeof IDBFactory === 'function') {
    wrapMethod(IDBFactory.prototype, 'open', (factory, args) => tell({ k: 'indexeddb', key: cut(handed(args[0]), 4096) }));
  }
  if (typeof CacheStorage === 'function') {
    wrapMethod(CacheStorage.prototype, 'open', (store, args) => tell({ k: 'cache', key: cut(handed(args[0]), 4096) }));
  }
  if (typeof ServiceWorkerContainer === 'function') {
    // A service worker starts long after the call, in silence: tell when it is on its way and when it has arrived.
    follow(ServiceWorkerContainer.prototype, 'register', () => {
      tell({ k: 'worker-begun' });
      const there = () => tell({ k: 'worker-there' });
      const arrived = (registration) => {
        const worker = registration.installing || registration.waiting;
        if (!worker) return there();
        apply(listenTo, worker, ['statechange', () => { if (worker.state === 'activated' || worker.state === 'redundant') there(); }]);
      };
      return { arrived, failed: there };
    });
  }
  if (typeof EventSource === 'function') {
    // Who opens a stream, the browser does not tell.
    const Native = EventSource;
    const { construct } = Reflect;
    const where = own(Native.prototype, 'url').get;
    const traps = {
      __proto__: null,
      construct(target, args, made) {
        let stream;
        try { stream = construct(target, args, made === wrapper ? Native : made); } catch (error) { throw clean(error, traps.construct); }
        try { tell({ k: 'stream', v: apply(where, stream, []) }); } catch { /* as above */ }
        return stream;
      },
    };
    const wrapper = new Proxy(Native, traps);
    natives.set(wrapper, natives.get(Native) || Native);
    define(self, 'EventSource', { ...own(self, 'EventSource'), value: wrapper });
    define(Native.prototype, 'constructor', { ...own(Native.prototype, 'constructor'), value: wrapper });
  }
  if (typeof fetch === 'function') {
    const d = own(self, 'fetch');
    const getters = [own(Request.prototype, 'keepalive').get, own(Request.prototype, 'url').get, own(URL.prototype, 'href').get];
    const asked = (input, i) => {
      try { return apply(getters[i], input, []); } catch { return undefined; } // of another kind
    };
    if (d && d.value) {
      define(self, 'fetch', {
        ...d,
        value: wrap(d.value, (_, { 0: input, 1: init }) => {
          if (!(field(init, 'keepalive') ?? asked(input, 0))) return;
          const address = asked(input, 1) ?? asked(input, 2) ?? handed(input);
          tell({ k: 'keepalive', v: new Address(address, self.document ? document.baseURI : location.href).href });
        }),
      });
    }
  }

  const tools = { tell, gone, wrap, mimic, clean, safe, plainly, own, define, assign, apply, exec, handed, field };
  for (const part of parts) {
    try { part(tools); } catch { /* a browser that lacks something loses the rest of a part only */ }
  }
})
