// Kill switches: what may write nothing, who said so, and why.
import {ask, badge, card, h, put, putChanged, table} from './dom.js';
import {order} from './api.js';
import {flowLink, when} from './parts.js';
import {administers} from './who.js';

export function switchesPage(page) {
  page.title('Kill switches');
  const environments = h('div', {});
  const flows = h('div', {});
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Kill switches')),
    card('Environments', environments, 'nothing is written into one whose switch is on'), card('Flows', flows, 'nothing is written by one whose switch is on'));
  page.update = async () => {
    const all = await page.get('/kill-switches');
    const shared = new Set(all.environments);
    const draw = (place, kind, names, empty) => putChanged(place, [all, administers()], () => switchTable(page, kind, rows(kind, names, all.killSwitches), empty, shared));
    draw(environments, 'environment', all.environments, 'There is no environment: policy.yaml has them.');
    draw(flows, 'flow', all.flows, 'No flow is loaded.');
  };
}

/** Who put it on, since when and why, or where it stands. */
export function orderedBy(kill) {
  return kill.rule ? `It stands in the policy, at ${kill.rule}.` : `By ${kill.by}${kill.reason ? ': ' + kill.reason : ''}`;
}

/** Those that are on come first, also of what is there no more. */
function rows(kind, names, killSwitches) {
  const on = killSwitches.filter((each) => each.kind === kind);
  return [...on.map((kill) => ({name: kill.name, kill})),
    ...names.filter((name) => !on.some((kill) => kill.name === name)).map((name) => ({name, kill: null}))];
}

function switchTable(page, kind, all, empty, shared) {
  const turns = administers();
  return table(`Kill switches of ${kind}s`, [{name: 'Switch', tight: true}, {name: kind === 'flow' ? 'Flow' : 'Environment', main: true}, {name: 'By', hide: 's'}, {name: 'Since', hide: 's'}, {name: 'Why', grow: true, wrap: true, hide: 's'},
    ...(turns ? [{name: 'Turn', tight: true}] : [])],
  all.map(({name, kill}) => ({cells: [badge(kill ? 'on' : 'off'), [kind === 'flow' ? flowLink(name) : name, kill ? h('div', {class: 'soft only-s'}, orderedBy(kill)) : null],
    kill ? kill.by || 'policy' : '–', kill ? when(kill.since) : '–', why(kill), ...(turns ? [turn(page, kind, name, kill, shared)] : [])]})), empty);
}

function why(kill) {
  return (kill ? kill.reason || kill.rule : '') || '–';
}

function turn(page, kind, name, kill, shared) {
  if (kill?.rule) {
    return h('span', {class: 'soft'}, 'in the policy');
  }
  if (kind === 'flow' && shared.has(name)) {
    return h('span', {class: 'soft'}, 'as the environment');
  }
  const text = kill ? 'Lift' : 'Stop';
  return h('button', {type: 'button', class: 'small', 'data-key': `${kind} ${name}`, 'aria-label': `${text} ${kind} ${name}`, onclick: () => (kill ? lift(page, kind, name) : stop(page, kind, name))}, text);
}

async function stop(page, kind, name) {
  const input = h('input', {id: 'why', required: true, maxlength: 500, placeholder: 'Why?', 'aria-label': 'Why'});
  const reason = await ask({title: `Stop ${kind} ${name}?`, text: 'Nothing more is written, from the next batch on, until somebody lifts it. Sources keep what is not delivered.',
    content: input, action: 'Stop writing', danger: true, read: () => input.value.trim()});
  if (reason) {
    send(page, name, {on: true, reason});
  }
}

async function lift(page, kind, name) {
  if (await ask({title: `Let ${kind} ${name} write again?`, text: 'What was held goes on by itself.', action: 'Lift it'})) {
    send(page, name, {on: false});
  }
}

async function send(page, name, body) {
  await order('/kill-switches/' + encodeURIComponent(name), body);
  page.refresh();
}
