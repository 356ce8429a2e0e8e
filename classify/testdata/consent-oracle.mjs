// Makes consent strings with the libraries of IAB: one JSON object a line with the string and what is in it.
// Usage: node consent-oracle.mjs FOLDER COUNT, where FOLDER/node_modules holds @iabtcf/core and @iabgpp/cmpapi.
import { createRequire } from 'node:module';

const [folder, count] = process.argv.slice(2);
const require = createRequire(folder + '/');
const { GVL, TCModel, TCString } = require('@iabtcf/core');
const gpp = require('@iabgpp/cmpapi');

let seed = 20240601; // a small generator, so that every run makes the same strings
const random = (n) => (seed = (seed * 48271) % 2147483647) % n;
const some = (n, share) => Array.from({ length: n }, (_, i) => i + 1).filter(() => random(100) < share);
const say = (o) => console.log(JSON.stringify(o));

const purposes = Object.fromEntries(some(11, 100).map((id) => [id, { id, name: 'purpose ' + id }]));
const vendors = Object.fromEntries(some(1200, 100).map((id) => [id, {
  id, name: 'vendor ' + id, purposes: [1, 2, 7], legIntPurposes: [8], flexiblePurposes: [], specialPurposes: [], features: [], specialFeatures: [],
}]));
const gvl = new GVL({
  gvlSpecificationVersion: 3, vendorListVersion: 100, tcfPolicyVersion: 4, lastUpdated: '2024-01-01T00:00:00Z',
  purposes, vendors, specialPurposes: {}, features: {}, specialFeatures: { 1: { id: 1, name: 'location' }, 2: { id: 2, name: 'scan' } }, stacks: {},
});

function tcf(i) {
  const m = new TCModel(gvl);
  m.cmpId = 2 + random(400);
  m.cmpVersion = 1;
  const share = [0, 3, 50, 97, 100][i % 5]; // few and many vendors are told as ranges, half of them as bits
  m.purposeConsents.set(some(11, 60));
  m.purposeLegitimateInterests.set(some(11, 40).filter((p) => p !== 1));
  m.specialFeatureOptins.set(some(2, 50));
  m.vendorConsents.set(some(1200, share));
  m.vendorLegitimateInterests.set(some(1200, 100 - share));
  const text = TCString.encode(m);
  const d = TCString.decode(text);
  const set = (v) => [...Array(1300).keys()].filter((n) => v.has(n));
  say({
    tcf: text, cmp: d.cmpId, features: set(d.specialFeatureOptins), purposes: set(d.purposeConsents),
    interests: set(d.purposeLegitimateInterests), vendors: set(d.vendorConsents), interestVendors: set(d.vendorLegitimateInterests),
  });
}

const states = ['usnat', 'usca', 'usva', 'usco', 'usut', 'usct', 'usfl', 'usmt', 'usor', 'ustx', 'usde', 'usia', 'usne',
  'usnh', 'usnj', 'ustn', 'usmn', 'usmd', 'usin', 'usky', 'usri'];

function us(i) {
  const m = new gpp.GppModel();
  const state = states[i % states.length];
  const choice = { sale: random(3), sharing: 0, targeted: 0 };
  m.setFieldValue(state, 'SaleOptOut', choice.sale);
  if (state === 'usnat' || state === 'usca') m.setFieldValue(state, 'SharingOptOut', choice.sharing = random(3));
  if (state !== 'usca') m.setFieldValue(state, 'TargetedAdvertisingOptOut', choice.targeted = random(3));
  if (random(2)) m.setFieldValue('tcfeuv2', 'PurposeConsents', [true]);
  if (random(2)) m.setFieldValue('uspv1', 'OptOutSale', '-');
  say({ gpp: m.encode(), sections: m.getSectionIds(), ...choice });
}

for (let i = 0; i < Number(count); i++) {
  tcf(i);
  us(i);
}
