// What waits for a second person, and what became of the rest.
import {ask, badge, card, facts, h, put, putChanged, table} from './dom.js';
import {order} from './api.js';
import {flowLink, since, when} from './parts.js';
import {administers, isMe} from './who.js';

export function approvalsPage(page) {
  page.title('Approvals');
  const waiting = h('div', {});
  const over = h('div', {});
  put(page.place, h('div', {class: 'page-head'}, h('h1', {}, 'Approvals')),
    card('Wait for a second person', waiting, 'who asked cannot decide'), card('Decided or expired', over));
  page.update = async () => {
    const {approvals} = await page.get('/approvals?limit=200');
    const waits = (each) => each.state === 'waiting';
    putChanged(waiting, [approvals.filter(waits), administers()], () => waitingTable(page, approvals.filter(waits)));
    putChanged(over, approvals.filter((each) => !waits(each)), () => decidedTable(approvals.filter((each) => !waits(each))));
  };
}

function waitingTable(page, approvals) {
  const decides = administers();
  return table('What waits', [{name: 'No.', number: true}, {name: 'State', tight: true, hide: 's'}, {name: 'What', grow: true, wrap: true}, {name: 'Flow', hide: 'm'}, {name: 'Environment', hide: 'm'}, {name: 'By', hide: 's'}, {name: 'Since', hide: 's'},
    {name: 'Until', hide: 's'}, {name: 'Rule', hide: 'm'}, ...(decides ? [{name: 'Decide', tight: true}] : [])],
  approvals.map((each) => ({cells: [each.approval, badge(each.state), [each.summary, narrow(['by ', each.by, ', until ', when(each.expiresAt)])], flowLink(each.flow), each.environment, each.by, since(each.since), when(each.expiresAt), each.rule,
    ...(decides ? [buttons(page, each)] : [])]})),
  'Nothing waits. Environments of policy.yaml ask for a second person by approvals:.');
}

function decidedTable(approvals) {
  return table('What was decided', [{name: 'No.', number: true}, {name: 'State', tight: true}, {name: 'What', grow: true, wrap: true}, {name: 'Flow', hide: 'm'}, {name: 'Environment', hide: 'm'}, {name: 'By', hide: 's'}, {name: 'Since', hide: 's'},
    {name: 'Decided by', hide: 's'}, {name: 'Decided', hide: 's'}, {name: 'Rule', hide: 'm'}],
  approvals.map((each) => ({cells: [each.approval, badge(each.state), [each.summary, narrow(['by ', each.decidedBy || 'nobody'])], flowLink(each.flow), each.environment, each.by, since(each.since),
    each.decidedBy || 'nobody', when(each.decidedAt), each.rule]})), 'Nothing yet.');
}

/** What columns tell that a narrow page does not have. */
function narrow(content) {
  return h('div', {class: 'soft only-s'}, content);
}

/** The server refuses who asked; the page does not offer it. */
function buttons(page, each) {
  if (isMe(each.by)) {
    return h('span', {class: 'soft'}, 'asked by you');
  }
  const button = (approve) => {
    const name = approve ? 'Approve' : 'Reject';
    return h('button', {type: 'button', class: 'small', 'data-key': `${name} ${each.approval}`, 'aria-label': `${name} ${each.approval}: ${each.summary}`, onclick: () => decide(page, each, approve)}, name);
  };
  return h('div', {class: 'row-buttons'}, button(true), button(false));
}

async function decide(page, each, approve) {
  const statement = each.action === 'statement';
  const then = approve ? (statement ? 'The flow may do it until then.' : `It is carried out at once, as ordered by ${each.by}.`)
    : 'It never happens; who wants it has to ask anew.';
  const sure = await ask({title: `${approve ? 'Approve' : 'Reject'} number ${each.approval}?`, text: then,
    content: facts([['What', each.summary], ['Flow', each.flow], ['Environment', each.environment], ['By', each.by], ['Since', when(each.since)], ['Until', when(each.expiresAt)], ['Rule', each.rule]]),
    action: approve ? 'Approve' : 'Reject', danger: !approve});
  if (sure) {
    await order(`/approvals/${each.approval}/decide`, {approve});
    page.refresh();
  }
}
