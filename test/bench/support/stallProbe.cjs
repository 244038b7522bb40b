// Preloaded into the server (--require): measures how long its event loop is kept from turning. A timer that is
// due every millisecond comes late by as much. Commands and the answer go over descriptor 4, a line each.
const { performance, PerformanceObserver } = require('node:perf_hooks');
const { Socket } = require('node:net');

const DESCRIPTOR = 4;
const INTERVAL_MILLISECONDS = 1;
const LONGEST_KEPT = 20;

/** Those of the present measurement, longest first: {start, milliseconds}. */
let stalls = [];
let collections = [];
/** Most processor time of this process between two ticks: a stall in which other programs ran is left out. */
let longestBusy = 0;
let last = 0;
let lastUsed = 0;
let timer;

const observer = new PerformanceObserver((list) => {
  for (const { startTime, duration } of list.getEntries()) {
    collections.push({ start: startTime, milliseconds: duration });
  }
});

function tick() {
  const now = performance.now();
  const milliseconds = now - last;
  const shortest = stalls.length < LONGEST_KEPT ? 0 : stalls[stalls.length - 1].milliseconds;
  if (milliseconds > shortest) {
    stalls.push({ start: last, milliseconds });
    stalls.sort((a, b) => b.milliseconds - a.milliseconds);
    stalls.length = Math.min(stalls.length, LONGEST_KEPT);
  }
  const used = processorMilliseconds();
  longestBusy = Math.max(longestBusy, Math.min(milliseconds, used - lastUsed));
  last = now;
  lastUsed = used;
}

function processorMilliseconds() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function start() {
  stalls = [];
  collections = [];
  longestBusy = 0;
  last = performance.now();
  lastUsed = processorMilliseconds();
  observer.observe({ entryTypes: ['gc'] });
  timer = setInterval(tick, INTERVAL_MILLISECONDS);
}

function stop() {
  tick();
  clearInterval(timer);
  // The observer is told of collections a little later.
  setTimeout(() => {
    observer.disconnect();
    const report = { stalls: stalls.map(withCollections), longestBusy, collections: summary() };
    channel.write(`${JSON.stringify(report)}\n`);
  }, 50);
}

/** How much of a stall was garbage collection. */
function withCollections(stall) {
  const end = stall.start + stall.milliseconds;
  let garbageCollection = 0;
  for (const { start, milliseconds } of collections) {
    garbageCollection += Math.max(0, Math.min(end, start + milliseconds) - Math.max(stall.start, start));
  }
  return { ...stall, garbageCollection };
}

function summary() {
  const durations = collections.map(({ milliseconds }) => milliseconds);
  return { longest: Math.max(0, ...durations), total: durations.reduce((sum, one) => sum + one, 0) };
}

const channel = new Socket({ fd: DESCRIPTOR });
channel.setEncoding('utf8').on('data', (command) => (command.trim() === 'start' ? start() : stop()));
channel.unref();
