// A part of hooks.js: counts what each script asks of the browser that tells one visitor from another, or that follows
// what the visitor does. It counts and never judges. A script is known by its address, taken from the stack once in
// each run of the page's code; counts are told when they are new and each time that they double.
((tools) => {
  'use strict';
  const { tell, gone, wrap, safe, plainly, own, define, assign, apply, exec, handed, field } = tools;
  // Workers have no queueMicrotask before they start. The promise has no constructor that a page could replace.
  const settled = define(Promise.resolve(), 'constructor', { value: undefined });
  const { then } = Promise.prototype;
  const later = (run) => { apply(then, settled, [run]); };
  const Failure = Error;
  const { slice } = String.prototype;
  const { min, abs } = Math;
  const record = (fields) => assign({ __proto__: null }, fields);

  const address = /(?:^|[\s(])(https?:\/\/[^\s()]+?):\d+:\d+/;
  // caller is the address of the innermost script that the stack names, empty for inline code of frames without one.
  const caller = () => plainly(() => {
    const found = apply(exec, address, [new Failure().stack]);
    return found ? found[1] : '';
  });

  const canvases = safe(new WeakMap(), 'get', 'set'); // what was drawn on each
  const books = record(); // of each script
  const maxScripts = 500;
  let scripts = 0;
  let running = null; // the script of this run
  let news = null;
  const close = () => {
    const told = news;
    running = news = null;
    if (told) tell({ __proto__: null, k: 'uses', uses: told });
  };
  const who = () => {
    if (running === null) {
      running = caller();
      later(close);
    }
    return running;
  };
  const bookOf = (script) => books[script] || (scripts++ < maxScripts ? books[script] = record() : record());
  const write = (name, script, n) => {
    news ||= record();
    (news[script] ||= record())[name] = n;
    if (gone()) close();
  };
  const count = (name) => {
    const script = who();
    const book = bookOf(script);
    const n = book[name] = (book[name] || 0) + 1;
    if ((n & (n - 1)) === 0) write(name, script, n);
  };
  // most keeps the highest of several numbers.
  const most = (name, n) => {
    const script = who();
    const book = bookOf(script);
    if (n <= (book[name] || 0)) return;
    book[name] = n;
    write(name, script, n);
  };

  // hook calls after for each use of a member, a method, a getter or, for a name that begins with "=", a setter.
  const hook = (owner, name, after) => {
    const set = name[0] === '=';
    if (set) name = name.slice(1);
    const d = owner && own(owner, name);
    if (!d || !d.configurable) return;
    const key = set ? 'set' : d.get ? 'get' : 'value';
    if (typeof d[key] === 'function') define(owner, name, { ...d, [key]: wrap(d[key], after) });
  };
  const proto = (name) => typeof self[name] === 'function' ? self[name].prototype : undefined;
  const counted = {
    Navigator: 'userAgent appVersion appName platform product productSub vendor vendorSub language languages plugins ' +
      'mimeTypes hardwareConcurrency deviceMemory maxTouchPoints cookieEnabled doNotTrack webdriver pdfViewerEnabled ' +
      'javaEnabled connection getBattery getGamepads requestMediaKeySystemAccess userAgentData ' +
      'joinAdInterestGroup leaveAdInterestGroup updateAdInterestGroups runAdAuction getInterestGroupAdAuctionData',
    WorkerNavigator: 'userAgent appVersion platform language languages hardwareConcurrency deviceMemory connection userAgentData',
    NavigatorUAData: 'getHighEntropyValues platform mobile brands',
    Screen: 'width height availWidth availHeight availLeft availTop colorDepth pixelDepth orientation isExtended',
    NetworkInformation: 'effectiveType downlink rtt type saveData',
    Performance: 'memory',
    StorageManager: 'estimate',
    Permissions: 'query',
    MediaDevices: 'enumerateDevices getUserMedia',
    MediaCapabilities: 'decodingInfo',
    Keyboard: 'getLayoutMap',
    SpeechSynthesis: 'getVoices',
    GPU: 'requestAdapter',
    GPUAdapter: 'info',
    Sensor: 'start',
    BatteryManager: 'level charging chargingTime dischargingTime',
    HTMLMediaElement: 'canPlayType',
    Date: 'getTimezoneOffset',
    WebGLRenderingContext: 'drawArrays drawElements readPixels getSupportedExtensions getShaderPrecisionFormat getContextAttributes',
    WebGL2RenderingContext: 'drawArrays drawElements readPixels getSupportedExtensions getShaderPrecisionFormat getContextAttributes',
    BaseAudioContext: 'createOscillator createDynamicsCompressor createAnalyser createScriptProcessor createBufferSource decodeAudioData sampleRate',
    OfflineAudioContext: 'startRendering',
    AudioContext: 'baseLatency outputLatency createMediaElementSource createMediaStreamSource',
    AudioBuffer: 'getChannelData copyFromChannel',
    AnalyserNode: 'getFloatFrequencyData getByteFrequencyData',
    ScriptProcessorNode: '=onaudioprocess',
    RTCPeerConnection: 'createDataChannel createOffer setLocalDescription setRemoteDescription addTrack addTransceiver ' +
      'addStream localDescription =onicecandidate',
    RTCIceCandidate: 'candidate address',
    Document: 'browsingTopics hasPrivateToken hasRedemptionRecord hasStorageAccess requestStorageAccess',
    SharedStorage: 'set append delete clear run selectURL createWorklet',
    SharedStorageWorklet: 'addModule run selectURL',
    XMLHttpRequest: 'setAttributionReporting setPrivateToken',
    HTMLIFrameElement: '=browsingTopics =adAuctionHeaders =sharedStorageWritable',
    HTMLImageElement: '=attributionSrc =browsingTopics =sharedStorageWritable',
    HTMLAnchorElement: '=attributionSrc',
    HTMLScriptElement: '=attributionSrc',
  };
  for (const owner in counted) {
    for (const name of counted[owner].split(' ')) {
      const label = owner + '.' + (name[0] === '=' ? name.slice(1) : name);
      hook(proto(owner), name, () => count(label));
    }
  }
  hook(self, 'devicePixelRatio', () => count('Window.devicePixelRatio'));
  hook(self, 'openDatabase', () => count('Window.openDatabase'));
  hook(self, 'queryLocalFonts', () => count('Window.queryLocalFonts'));
  hook(Intl.DateTimeFormat.prototype, 'resolvedOptions', () => count('DateTimeFormat.resolvedOptions'));
  if (typeof RTCRtpSender === 'function') hook(RTCRtpSender, 'getCapabilities', () => count('RTCRtpSender.getCapabilities'));
  if (typeof MediaSource === 'function') hook(MediaSource, 'isTypeSupported', () => count('MediaSource.isTypeSupported'));

  const feature = /\(\s*(?:m(?:in|ax)-)?(any-hover|any-pointer|hover|pointer|color|color-gamut|color-index|dynamic-range|video-dynamic-range|forced-colors|inverted-colors|monochrome|prefers-contrast|prefers-reduced-transparency|prefers-reduced-data|resolution|device-width|device-height|device-aspect-ratio|update|scripting|display-mode)\b/;
  hook(self, 'matchMedia', (_, { 0: query }) => {
    const found = apply(exec, feature, [handed(query)]);
    if (found) count('matchMedia.' + found[1]);
  });

  // WebGL: what names the graphics hardware is told apart from what every use of WebGL asks.
  const parameters = { 7936: 'VENDOR', 7937: 'RENDERER', 7938: 'VERSION', 35724: 'SHADING_LANGUAGE_VERSION', 37445: 'UNMASKED_VENDOR', 37446: 'UNMASKED_RENDERER' };
  for (const kind of ['WebGLRenderingContext', 'WebGL2RenderingContext']) {
    const seen = record();
    let distinct = 0;
    hook(proto(kind), 'getParameter', (_, { 0: asked }) => {
      const which = +handed(asked);
      const name = parameters[which];
      if (name) count(kind + '.' + name);
      else if (distinct < 200 && !seen[which]) {
        seen[which] = true;
        most(kind + '.getParameter', ++distinct);
      }
    });
    hook(proto(kind), 'getExtension', (_, { 0: name }) => {
      if (name === 'WEBGL_debug_renderer_info') count(kind + '.debug_renderer_info');
    });
  }

  // Listeners, by who adds them: of the whole document, and of single fields.
  const types = record();
  for (const type of ['mousemove', 'pointermove', 'touchmove', 'mousedown', 'pointerdown', 'touchstart', 'click', 'scroll', 'wheel', 'resize', 'keydown',
    'keyup', 'keypress', 'input', 'change', 'focusin', 'paste', 'copy', 'selectionchange', 'devicemotion', 'deviceorientation']) types[type] = true;
  const document = self.document;
  const getter = (owner, name) => { const d = owner && own(owner, name); return d && d.get; };
  const root = getter(proto('Document'), 'documentElement');
  const body = getter(proto('Document'), 'body');
  const tag = getter(proto('Element'), 'tagName');
  const place = (target) => {
    if (target === undefined || target === null || target === self || target === document) return 'page';
    if (target === apply(root, document, []) || target === apply(body, document, [])) return 'page';
    const name = apply(tag, target, []);
    return name === 'INPUT' || name === 'TEXTAREA' || name === 'FORM' ? 'field' : '';
  };
  const listens = (target, type) => {
    if (!types[type]) return;
    const where = place(target);
    if (where) count('listen.' + where + '.' + type);
  };
  if (document) {
    hook(proto('EventTarget'), 'addEventListener', (target, { 0: wanted, 1: listener }) => {
      if (!listener) return;
      const type = handed(wanted);
      const canvas = canvases.get(target);
      if (canvas) canvas.listens = true;
      if (type === 'icecandidate') count('RTCPeerConnection.onicecandidate');
      else if (type === 'audioprocess') count('ScriptProcessorNode.onaudioprocess');
      else listens(target, type);
    });
    for (const type in types) {
      for (const owner of [self, proto('Document'), proto('HTMLElement')]) {
        hook(owner, '=on' + type, (target, { 0: listener }) => { if (listener) listens(target, type); });
      }
    }
    hook(proto('MutationObserver'), 'observe', (_, { 0: target, 1: init }) => {
      if (field(init, 'subtree') && place(target) === 'page') count('MutationObserver.observe');
    });
  }
  // Nodes of sound can also be constructed, of which no method tells; what is connected has been made.
  const nodes = [];
  for (const [owner, name, label] of [
    ['OscillatorNode', 'type', 'BaseAudioContext.createOscillator'], ['DynamicsCompressorNode', 'threshold', 'BaseAudioContext.createDynamicsCompressor'],
    ['AnalyserNode', 'fftSize', 'BaseAudioContext.createAnalyser'], ['AudioBufferSourceNode', 'buffer', 'BaseAudioContext.createBufferSource'],
    ['MediaElementAudioSourceNode', 'mediaElement', 'AudioContext.createMediaElementSource'],
    ['MediaStreamAudioSourceNode', 'mediaStream', 'AudioContext.createMediaStreamSource'],
  ]) {
    const get = getter(proto(owner), name);
    if (get) nodes[nodes.length] = { get, label };
  }
  const made = (node) => {
    for (let i = 0; i < nodes.length; i++) {
      try { apply(nodes[i].get, node, []); } catch { continue; } // of another kind
      count(nodes[i].label);
      return;
    }
  };
  hook(proto('AudioNode'), 'connect', (node, { 0: to }) => { made(node); made(to); });
  // What a request is to do besides, for advertising by the browser itself.
  const advertised = ['browsingTopics', 'privateToken', 'attributionReporting', 'adAuctionHeaders', 'sharedStorageWritable'];
  hook(self, 'fetch', (_, { 1: init }) => {
    if (typeof init !== 'object' || init === null) return;
    for (let i = 0; i < advertised.length; i++) {
      if (field(init, advertised[i])) count('fetch.' + advertised[i]);
    }
  });
  // What is sent while an event of a key is handled.
  const current = getter(self, 'event');
  const kindOf = getter(proto('Event'), 'type');
  const sends = () => {
    const event = current && apply(current, self, []);
    if (!event) return;
    const type = apply(kindOf, event, []);
    if (type === 'keydown' || type === 'keyup' || type === 'keypress' || type === 'input') count('send.' + type);
  };
  if (document) {
    hook(self, 'fetch', sends);
    hook(proto('XMLHttpRequest'), 'send', sends);
    hook(proto('WebSocket'), 'send', sends);
    hook(proto('Navigator'), 'sendBeacon', sends);
    hook(proto('HTMLImageElement'), '=src', sends);
  }

  // Fonts: how many families one text, or one page's elements, were measured in.
  const maxTexts = 50;
  const families = record();
  let texts = 0;
  const measured = (key, family) => {
    let seen = families[key];
    if (!seen) {
      if (texts++ >= maxTexts) return;
      seen = families[key] = { n: 0, names: record() };
    }
    if (seen.n >= 1000 || seen.names[family]) return;
    seen.names[family] = true;
    most('fonts', ++seen.n);
  };
  const styleOf = getter(proto('HTMLElement'), 'style');
  const property = proto('CSSStyleDeclaration') && proto('CSSStyleDeclaration').getPropertyValue;
  const measuredElement = (element) => {
    const family = apply(property, apply(styleOf, element, []), ['font-family']);
    if (family) measured('element', family);
  };
  if (styleOf && property) {
    for (const name of ['offsetWidth', 'offsetHeight']) hook(proto('HTMLElement'), name, measuredElement);
    for (const name of ['clientWidth', 'scrollWidth', 'getBoundingClientRect', 'getClientRects']) hook(proto('Element'), name, measuredElement);
  }
  hook(proto('FontFaceSet'), 'check', (_, { 0: font }) => measured('check', handed(font)));
  const familyOf = getter(proto('FontFace'), 'family');
  hook(proto('FontFace'), 'load', (face) => measured('load', apply(familyOf, face, [])));

  // Canvases: what was drawn before somebody read the picture back.
  const maxReads = 300; // of one document
  let reads = 0;
  const stateOf = (canvas) => {
    let state = canvases.get(canvas);
    if (!state) {
      state = { letters: record(), distinct: 0, colours: record(), shades: 0, saves: false, listens: false, pictures: 0, told: record() };
      canvases.set(canvas, state);
    }
    return state;
  };
  for (const kind of ['CanvasRenderingContext2D', 'OffscreenCanvasRenderingContext2D']) {
    const p = proto(kind);
    const canvasOf = getter(p, 'canvas');
    if (!canvasOf) continue;
    const fontOf = getter(p, 'font');
    const fillOf = getter(p, 'fillStyle');
    const drawn = (context) => stateOf(apply(canvasOf, context, []));
    const writes = (context, { 0: written }) => {
      const state = drawn(context);
      const letters = apply(slice, handed(written), [0, 200]);
      for (let i = 0; i < letters.length && state.distinct < 100; i++) {
        if (!state.letters[letters[i]]) {
          state.letters[letters[i]] = true;
          state.distinct++;
        }
      }
      if (state.shades > 10) return;
      const colour = apply(fillOf, context, []);
      if (typeof colour === 'string' && !state.colours[colour]) {
        state.colours[colour] = true;
        state.shades++;
      }
    };
    hook(p, 'fillText', writes);
    hook(p, 'strokeText', writes);
    hook(p, 'save', (context) => { drawn(context).saves = true; });
    hook(p, 'restore', (context) => { drawn(context).saves = true; });
    hook(p, 'drawImage', (context, { 0: source }) => { if (!canvases.get(source)) drawn(context).pictures++; });
    hook(p, 'putImageData', (context) => { drawn(context).pictures++; });
    hook(p, 'measureText', (context, { 0: written }) => measured('text ' + apply(slice, handed(written), [0, 64]), apply(fontOf, context, [])));
    hook(p, 'getImageData', (context, { 0: x, 1: y, 2: width, 3: height }) => {
      read(apply(canvasOf, context, []), 'getImageData', '', width, height);
    });
  }
  const size = { __proto__: null };
  for (const kind of ['HTMLCanvasElement', 'OffscreenCanvas']) size[kind] = [getter(proto(kind), 'width'), getter(proto(kind), 'height')];
  const sizeOf = (canvas, i) => {
    try { return apply(size.HTMLCanvasElement[i], canvas, []); } catch { return apply(size.OffscreenCanvas[i], canvas, []); }
  };
  const read = (canvas, how, type, width, height) => {
    const state = stateOf(canvas);
    const key = how + type;
    if (state.told[key] === state.distinct || reads++ >= maxReads) return;
    state.told[key] = state.distinct;
    tell({
      __proto__: null, k: 'canvas', canvas: record({
        how, type, width: sizeOf(canvas, 0), height: sizeOf(canvas, 1), letters: state.distinct, colours: state.shades,
        saves: state.saves, listens: state.listens, pictures: state.pictures,
        side: min(abs(+handed(width)), abs(+handed(height))) | 0,
      }),
    });
  };
  hook(proto('HTMLCanvasElement'), 'toDataURL', (canvas, { 0: type }) => read(canvas, 'toDataURL', type === undefined ? '' : handed(type)));
  hook(proto('HTMLCanvasElement'), 'toBlob', (canvas, { 1: type }) => read(canvas, 'toBlob', type === undefined ? '' : handed(type)));
  hook(proto('OffscreenCanvas'), 'convertToBlob', (canvas, { 0: options }) => read(canvas, 'convertToBlob', handed(field(options, 'type') ?? '')));
})
