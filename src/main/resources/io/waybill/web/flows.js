// All flows as a graph, and one flow with its charts.
import {flowActions} from './actions.js';
import {card, facts, flowBadge, h, link, put, putChanged, s, stopped, tone} from './dom.js';
import {bytes, compact, duration} from './format.js';
import {chart, rates} from './charts.js';
import {flowTable} from './overview.js';
import {operates} from './who.js';
import {orderedBy} from './switches.js';
import {flowLink, notice, runTable, triggerTable, when} from './parts.js';

export function flowsPage(page) {
  page.title('Flows');
  const graph = h('div', {});
  const list = h('div', {});
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Flows')), card('From source to table', graph), card('All flows', list));
  page.update = async () => {
    const [all, throughput] = await Promise.all([page.get('/flows'), page.get('/throughput')]);
    putChanged(graph, all.flows.map((f) => [f.flow, f.state, f.source, f.after, f.table, f.killSwitch]), () => flowGraph(all.flows));
    putChanged(list, [all, throughput], () => flowTable(all.flows, throughput.slices));
  };
}

const NODE = {width: 210, height: 42, gap: 14, column: 300};

/** Sources at the left, flows behind those that start them, tables at the right. */
function flowGraph(flows) {
  const loaded = flows.filter((flow) => flow.state !== 'not loaded');
  if (loaded.length === 0) {
    return h('p', {class: 'empty'}, 'No flow is loaded.');
  }
  const byName = new Map(loaded.map((flow) => [flow.flow, flow]));
  const depth = new Map();
  const depthOf = (name, seen = new Set()) => {
    if (!depth.has(name) && !seen.has(name)) {
      seen.add(name);
      const after = (byName.get(name)?.after || []).filter((each) => byName.has(each));
      depth.set(name, after.length ? 1 + Math.max(...after.map((each) => depthOf(each, seen))) : 0);
    }
    return depth.get(name) ?? 0;
  };
  loaded.forEach((flow) => depthOf(flow.flow));
  const deepest = Math.max(...depth.values());
  const nodes = new Map();
  const rows = [];
  const place = (id, column, data) => {
    if (!nodes.has(id)) {
      rows[column] = (rows[column] ?? -1) + 1;
      nodes.set(id, {...data, x: 2 + column * NODE.column, y: 2 + rows[column] * (NODE.height + NODE.gap)});
    }
    return nodes.get(id);
  };
  const edges = [];
  const ordered = [...loaded].sort((a, b) => depth.get(a.flow) - depth.get(b.flow));
  for (const flow of ordered) {
    const node = place('flow ' + flow.flow, 1 + depth.get(flow.flow), {
      text: flow.flow, ...told(flow), href: '#/flows/' + encodeURIComponent(flow.flow)});
    if (flow.after.length === 0) {
      const [scheme, rest] = (flow.source || 'unknown:').split(/:(?:\/\/)?/);
      edges.push([place('source ' + flow.source, 0, {text: (rest || '').split('?')[0] || scheme, sub: scheme, tone: 'off', title: flow.source}), node]);
    }
    flow.after.forEach((each) => nodes.has('flow ' + each) && edges.push([nodes.get('flow ' + each), node]));
    if (flow.table) {
      const [database, name] = flow.table.split('.');
      edges.push([node, place('table ' + flow.table, deepest + 2, {text: name, sub: database, tone: 'off', title: flow.table})]);
    }
  }
  const width = (deepest + 2) * NODE.column + NODE.width + 4;
  const height = Math.max(...[...nodes.values()].map((n) => n.y)) + NODE.height + 4;
  return h('div', {class: 'graph', tabindex: '0', role: 'region', 'aria-label': 'Graph of flows'}, s('svg', {width, height, role: 'group', 'aria-label': `${loaded.length} flows from their sources to their tables`},
    s('defs', {}, s('marker', {id: 'arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, markerWidth: 7, markerHeight: 7, orient: 'auto'}, s('path', {class: 'edge-head', d: 'M0 0L8 4L0 8z'}))),
    edges.map(([from, to]) => curve(from, to)),
    [...nodes.values()].map(drawn)));
}

function told(flow) {
  const running = flow.state === 'running';
  return {sub: (running ? 'active' : flow.state) + (flow.killSwitch ? ', kill switch' : ''), tone: flow.killSwitch ? 'bad' : running ? 'ok' : tone(flow.state)};
}

function curve(from, to) {
  const x1 = from.x + NODE.width;
  const y1 = from.y + NODE.height / 2;
  const y2 = to.y + NODE.height / 2;
  const bend = (to.x - x1) / 2;
  return s('path', {class: 'edge', 'marker-end': 'url(#arrow)', d: `M${x1} ${y1}C${x1 + bend} ${y1} ${to.x - bend} ${y2} ${to.x - 2} ${y2}`});
}

function short(text, most) {
  return text.length > most ? text.slice(0, most - 1) + '…' : text;
}

function drawn(node) {
  const box = s('g', {class: 'node ' + node.tone, transform: `translate(${node.x} ${node.y})`},
    s('title', {}, node.title || node.text),
    s('rect', {width: NODE.width, height: NODE.height, rx: 7}),
    s('rect', {class: 'flag', x: 0, y: 9, width: 3, height: NODE.height - 18, rx: 1.5}),
    s('text', {x: 14, y: 18}, short(node.text, 27)),
    s('text', {class: 'sub', x: 14, y: 33}, short(node.sub, 30)));
  return node.href ? s('a', {href: node.href, 'aria-label': `flow ${node.text}, ${node.sub}`}, box) : box;
}

export function flowPage(page, name) {
  page.title(name);
  const head = h('div', {class: 'page-head'});
  const hold = h('div', {class: 'notices'});
  const about = h('div', {});
  const charts = h('div', {class: 'charts'});
  const runs = h('div', {});
  const triggers = h('div', {});
  put(page.place, head, hold, card('Flow', about), charts, card('Runs', runs, link('#/runs?flow=' + encodeURIComponent(name), 'all runs')), triggers);
  const path = '/flows/' + encodeURIComponent(name);
  page.update = async () => {
    const [flow, throughput, batches, latest, started] = await Promise.all([
      page.get(path), page.get('/throughput'), page.get(path + '/batches?limit=300'), page.get('/runs?limit=15&flow=' + encodeURIComponent(name)), page.get('/triggers?limit=15&flow=' + encodeURIComponent(name))]);
    putChanged(head, flow, () => [
      h('div', {class: 'crumb'}, link('#/flows', 'Flows')), h('h1', {}, flow.flow), flowBadge(flow), flow.state === 'not loaded' ? [] : flowActions(page, flow)]);
    putChanged(hold, [flow.hold, flow.killSwitch], () => [
      flow.killSwitch && !flow.hold ? notice('bad', stopped(flow.killSwitch), orderedBy(flow.killSwitch), 'Nothing is written until it is off.', flow.killSwitch.since) : null,
      flow.hold ? notice('bad', 'It waits', flow.hold.reason, flow.hold.remedy, flow.hold.since) : null]);
    putChanged(about, flow, () => facts([
      ['Source', h('span', {class: 'mono'}, flow.source || '–')], ['Table', flow.table], ['Declared in', flow.declaredIn],
      ['Schedule', flow.schedule], ['Next', flow.nextDueAt ? when(flow.nextDueAt) : null], ['Paused by', flow.pausedBy],
      ['After', flow.after.length ? flow.after.map((each) => [flowLink(each), ' ']) : null]]));
    putChanged(charts, [throughput, batches], () => flowCharts(name, throughput.slices, batches.batches));
    putChanged(triggers, started, () => started.triggers.length ? card('Triggers', triggerTable(page, started.triggers, operates(flow.table))) : []);
    putChanged(runs, latest, () => runTable('Runs of ' + name, latest.runs, 'No run yet.', false));
  };
}

function flowCharts(name, slices, batches) {
  const points = [...batches].reverse().sort((a, b) => a.settledAt.localeCompare(b.settledAt));
  const dots = (value) => points.filter((b) => value(b) !== null).map((b) => ({
    at: Date.parse(b.settledAt), value: value(b), text: 'batch of ' + compact(b.rows) + ' rows',
    tone: b.state === 'dead' ? 'bad' : b.attempts > 1 ? 'warn' : ''}));
  const titled = (title, extra, content) => card(title, content, extra);
  return [
    titled('Rows per second', 'last 30 minutes', chart({label: 'Rows per second', points: rates(slices, 'rows', name), unit: compact})),
    titled('Bytes per batch', 'latest batches', chart({label: 'Bytes per batch', kind: 'dots', points: dots((b) => b.bytes), unit: bytes})),
    titled('Time of a batch', 'from the first byte sent to the answer', chart({label: 'Time of a batch', kind: 'dots', points: dots((b) => b.elapsedMillis), unit: duration})),
    titled('Delay from source to table', 'since the source was changed', chart({label: 'Delay from source to table', kind: 'dots', points: dots((b) => b.delaySeconds === null ? null : b.delaySeconds * 1000), unit: duration})),
  ];
}
