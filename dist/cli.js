#!/usr/bin/env node
var parts = process.versions.node.split('.').map(Number);
if (parts[0] < 20 || (parts[0] === 20 && parts[1] < 19)) {
  console.error('mlgate needs Node 20.19 or newer; this is Node ' + process.versions.node + '. Get a newer one from https://nodejs.org, or run mlgate as a GitHub Action, which brings its own.');
  process.exit(2);
}
import('./index.js').then(function (bundle) {
  return bundle.runCli(new URL('.', import.meta.url));
});
