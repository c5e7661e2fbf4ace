// How it stands: what needs somebody first, then what moves.
import {badge, card, flowBadge, h, link, put, putChanged, table} from './dom.js';
import {compact, count, duration, tail} from './format.js';
import {chart, rates, spark} from './charts.js';
import {flowLink, notice, progress, runLink, runTable, since} from './parts.js';

const DAY = 86400000;

export function overview(page) {
  page.title('Overview');
  const notices = h('div', {class: 'notices'});
  const tiles = h('div', {class: 'tiles'});
  const moving = h('div', {class: 'live-box'});
  const rows = h('div', {});
  const flows = h('div', {});
  const runs = h('div', {});
  put(page.place,
    h('h1', {class: 'hidden'}, 'Overview'),
    notices, tiles,
    h('div', {class: 'split wide-left'}, card('Rows per second', rows, 'last 30 minutes, all flows'), card('Running now', moving)),
    card('Flows', flows, link('#/flows', 'graph of all flows')),
    card('Latest runs', runs, link('#/runs', 'all runs')));

  const running = () => {
    const now = [...page.live.runs.values()];
    putChanged(moving, now.map((run) => [run.run, run.state, run.fraction, run.rows]), () => now.length === 0
      ? h('p', {class: 'empty'}, 'No run is going on.')
      : now.slice(0, 8).map((run) => h('div', {class: 'live-row'},
        h('span', {}, flowLink(run.flow), ' ', run.state === 'running' ? null : badge(run.state)),
        h('span', {class: 'soft', title: run.location}, runLink(run.run, tail(run.location))),
        progress(run.state === 'running' ? run.fraction : 1, 'share of the source that was read'),
        h('span', {class: 'number'}, count(run.rows)))));
  };
  page.runChanged = running;

  page.update = async () => {
    const yesterday = new Date(Date.now() - DAY).toISOString();
    const [status, all, throughput, failed, latest] = await Promise.all([
      page.get('/status'), page.get('/flows'), page.get('/throughput'),
      page.get('/runs?state=failed&limit=5&since=' + encodeURIComponent(yesterday)), page.get('/runs?limit=12')]);
    putChanged(notices, [status.holds, status.problems, failed.runs, status.auditTrouble], () => attention(status, failed.runs));
    const points = rates(throughput.slices, 'rows');
    const lastMinute = points.slice(-7, -1).reduce((sum, p) => sum + p.value, 0) / 6;
    putChanged(tiles, [status, lastMinute], () => summary(status, lastMinute));
    put(rows, chart({label: 'Rows per second of all flows', points, unit: compact, height: 150}));
    putChanged(flows, [all, throughput], () => flowTable(all.flows, throughput.slices));
    putChanged(runs, latest, () => runTable('Latest runs', latest.runs, 'No run yet.'));
    running();
  };
}

function attention(status, failed) {
  return [
    status.holds.map((hold) => notice('bad', ['Held: ', flowLink(hold.flow)], hold.reason, hold.remedy, hold.since)),
    failed.map((run) => notice('bad', ['Failed: ', flowLink(run.flow), ' ', runLink(run.run)], run.reason, run.remedy, run.endedAt || run.startedAt)),
    status.problems.map((problem) => notice('warn', 'A route file was not loaded', problem)),
    status.auditTrouble ? notice('warn', 'Audit events wait', status.auditTrouble) : null,
  ];
}

function summary(status, rate) {
  const tile = (name, value, note, href, kind) =>
    h(href ? 'a' : 'div', {class: 'tile', href}, h('span', {class: 'name'}, name),
      h('span', {class: 'value ' + (kind || '')}, value), h('span', {class: 'note', title: note}, note));
  const held = status.holds.length;
  return [
    tile('Flows', count(status.flows), held ? held + ' held' : 'all take records', '#/flows', held ? 'bad' : ''),
    tile('Running', count(status.running), 'runs now', '#/runs?state=running'),
    tile('Rows per second', compact(rate), 'over the last minute'),
    tile('Dead letters', count(status.deadLetters), status.deadLetters ? 'wait for somebody' : 'none wait', '#/dead-letters', status.deadLetters ? 'warn' : ''),
    tile('Audit events', count(status.auditPending), status.auditPending ? 'on their way' : 'all have arrived'),
    tile('ClickHouse', status.clickHouseVersion, status.clickHouseUrl, '#/connections'),
  ];
}

export function flowTable(flows, slices) {
  const order = {held: 0, 'not loaded': 2};
  const sorted = [...flows].sort((a, b) => (order[a.state] ?? 1) - (order[b.state] ?? 1) || a.flow.localeCompare(b.flow));
  return table('Flows', [{name: 'State', tight: true}, {name: 'Flow'}, {name: 'Source', grow: true, hide: 's'}, {name: 'Table', hide: 'm'},
    {name: 'Rows per second, 30 min', hide: 's'}, {name: 'Last run'}, {name: 'Rows', number: true, hide: 's'}],
  sorted.map((flow) => ({cells: [
    flowBadge(flow),
    flowLink(flow.flow),
    h('span', {class: 'soft', title: flow.source || ''}, flow.source || '–'),
    flow.table || '–',
    spark(rates(slices, 'rows', flow.flow), 'rows per second of ' + flow.flow),
    flow.lastRun ? h('span', {}, since(flow.lastRun.endedAt || flow.lastRun.startedAt)) : '–',
    flow.lastRun ? count(flow.lastRun.rows) : '–',
  ]})), 'No flow yet: put a route file into routes/.');
}
