// What several pages show.
import {badge, h, link, table} from './dom.js';
import {order} from './api.js';
import {ago, bytes, count, duration, tail, time} from './format.js';

export const runLink = (id, text) => link('#/runs/' + encodeURIComponent(id), text || id, {class: 'mono'});
export const flowLink = (name) => link('#/flows/' + encodeURIComponent(name), name);

export function when(text) {
  return text ? h('time', {datetime: text, title: text}, time(text)) : '–';
}

export function since(text) {
  return text ? h('time', {datetime: text, title: text}, ago(text)) : '–';
}

/** A run's millis from its beginning to its end, or to now. */
export function took(run) {
  return Math.max(0, Date.parse(run.endedAt || new Date().toISOString()) - Date.parse(run.startedAt));
}

export function runTable(caption, runs, empty, withFlow = true) {
  const columns = [
    {name: 'State', tight: true},
    withFlow ? {name: 'Flow'} : null,
    {name: 'Run', hide: 's'},
    {name: 'Source', grow: true, hide: 's'},
    {name: 'Started'},
    {name: 'Took', number: true, hide: 's'},
    {name: 'Rows', number: true},
    {name: 'Bytes', number: true, hide: 'm'},
    {name: 'Batches', number: true, hide: 'm'},
    {name: 'Dead', number: true, hide: 's'},
  ].filter(Boolean);
  return table(caption, columns, runs.map((run) => ({cells: [
    link('#/runs/' + encodeURIComponent(run.run), badge(run.state), {'aria-label': 'run ' + run.run + ', ' + run.state}),
    ...(withFlow ? [flowLink(run.flow)] : []),
    runLink(run.run),
    h('span', {title: run.reason || run.location, class: run.reason ? '' : 'soft'}, run.reason || tail(run.location)),
    when(run.startedAt),
    run.state === 'running' ? '' : duration(took(run)),
    count(run.rows),
    bytes(run.bytes),
    count(run.batches),
    run.deadRows ? count(run.deadRows) : '–',
  ]})), empty);
}

export function notice(kind, title, text, remedy, whenText) {
  return h('div', {class: 'notice ' + kind}, h('div', {class: 'body'},
    h('div', {class: 'title'}, title), text ? h('div', {}, text) : null, remedy ? h('div', {class: 'remedy'}, remedy) : null),
  whenText ? h('div', {class: 'when'}, since(whenText)) : null);
}

export function progress(fraction, label) {
  const percent = Math.round(Math.min(1, fraction) * 100);
  return h('span', {class: 'progress', role: 'progressbar', 'aria-label': label, 'aria-valuenow': percent, 'aria-valuemin': 0, 'aria-valuemax': 100},
    h('span', {style: {width: percent + '%'}}));
}

/** Occasions on which a flow was started; those that have not ended can be taken back. */
export function triggerTable(page, triggers, may) {
  return table('Triggers', [{name: 'State', tight: true}, {name: 'Kind'}, {name: 'For', hide: 's'}, {name: 'By', hide: 's'}, {name: 'Parameters, reason', grow: true}, {name: 'Created'}, {name: ''}],
    triggers.map((trigger) => ({cells: [badge(trigger.state), trigger.kind, when(trigger.dueAt), trigger.by,
      [Object.entries(trigger.parameters).map(([name, value]) => name + '=' + value).join(' '), trigger.reason].filter(Boolean).join(' · '), when(trigger.createdAt),
      trigger.endedAt === null && may ? h('button', {type: 'button', class: 'linkish', 'data-key': 'cancel ' + trigger.trigger, onclick: async () => {
        await order('/triggers/' + encodeURIComponent(trigger.trigger) + '/cancel', {});
        page.refresh();
      }}, 'cancel') : '']})), '');
}
