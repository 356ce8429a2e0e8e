// A part of hooks.js: the property by which a browser tells scripts what its visitor wants of every site.
((tools) => {
  'use strict';
  const { own, define, apply, mimic, clean } = tools;
  const [name, value] = SIGNAL;
  const proto = Object.getPrototypeOf(navigator);
  const d = own(proto, name);
  // A property that this browser does not have looks like another one, which refuses what is no navigator as well.
  const checked = d ? d.get : own(proto, 'onLine').get;
  const native = d ? d.get : define(checked.bind(), 'name', { value: 'get ' + name });
  const getter = mimic({
    call() {
      try { apply(checked, this, []); } catch (error) { throw clean(error, getter); }
      return value;
    },
  }.call, native);
  define(proto, name, { get: getter, set: undefined, enumerable: true, configurable: true });
})
