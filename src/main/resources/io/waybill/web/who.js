// Who looks at the dashboard, and what he may; the server decides, and the page only does not offer the rest.
import {ask, h} from './dom.js';

const TOKEN = 'waybill-token';
const PLACE = 'waybill-place';
let me = {policy: false, session: false, csrf: '', audit: true, administer: true, name: '', source: '', roles: [], tables: []};
let asking = null;
const listeners = [];

export function authorization() {
  const token = sessionStorage.getItem(TOKEN);
  return token ? {Authorization: 'Bearer ' + token} : {};
}

/** What orders of a session must show, which another site's page does not know. */
export function proof() {
  return me.csrf ? {'X-Waybill-Csrf': me.csrf} : {};
}

export function known(answered) {
  const changed = JSON.stringify(answered) !== JSON.stringify(me);
  me = answered;
  if (changed) {
    listeners.forEach((listener) => listener(me));
  }
}

/** Tells who it is whenever that changes. */
export function whenKnown(listener) {
  listeners.push(listener);
}

export function operates(table) {
  return !me.policy || me.tables.some((each) => each.table === table && each.operate);
}

export function reads(table) {
  return !me.policy || me.tables.some((each) => each.table === table && each.read);
}

export function seesPapers() {
  return !me.policy || me.audit || me.administer;
}

export function administers() {
  return !me.policy || me.administer;
}

/** Whether this is who is named so: by the name alone, or with who vouches for it. */
export function isMe(by) {
  return me.name !== '' && (by === me.name || by.startsWith(me.name + '@'));
}

export function seesTrail() {
  return !me.policy || me.audit;
}

/** For a button that is not for everybody. */
export function refusal(may, table) {
  return may ? null : `You may not operate ${table}`;
}

/** One dialog, however many requests were refused; true when there is something to try again with. */
export function askWho() {
  asking = asking || choose().finally(() => {
    asking = null;
  });
  return asking;
}

async function choose() {
  const ways = await (await fetch('login/ways')).json();
  sessionStorage.removeItem(TOKEN);
  const input = h('input', {type: 'password', autocomplete: 'off', required: true, 'aria-label': 'Token', id: 'token'});
  const token = await ask({
    title: 'Who are you?',
    text: ways.logins ? 'Log in, or give a token. A token is kept until this tab is closed.'
      : 'This Waybill wants a token. It is kept until this tab is closed.',
    content: [ways.logins ? h('p', {}, h('button', {type: 'button', class: 'primary', id: 'login', onclick: login}, 'Log in')) : null,
      h('label', {class: 'field'}, h('span', {}, 'Token'), input)],
    action: 'Use the token',
    read: () => input.value.trim(),
  });
  if (token) {
    sessionStorage.setItem(TOKEN, token);
  }
  return Boolean(token);
}

function login() {
  sessionStorage.setItem(PLACE, location.hash);
  location.assign('login');
}

/** Back to where it was when somebody left to log in. */
export function comeBack() {
  const place = sessionStorage.getItem(PLACE);
  sessionStorage.removeItem(PLACE);
  if (place && location.hash.length < 2) {
    location.replace(place);
  }
}

async function logout() {
  let place = './';
  if (me.session) {
    const response = await fetch('logout', {method: 'POST', headers: {'Content-Type': 'application/json', ...proof()}, body: '{}'});
    if (response.ok) {
      place = (await response.json()).location;
    }
  }
  sessionStorage.removeItem(TOKEN);
  location.assign(place);
}

/** A button with the name of who looks, which tells more and ends it. */
export function whoButton() {
  const button = h('button', {type: 'button', id: 'who', hidden: true, onclick: async () => {
    const out = await ask({title: me.name, text: `${me.source === 'oidc' ? 'Logged in at the provider' : 'By a static token'}. `
      + (me.policy ? (me.roles.length ? 'Roles: ' + me.roles.join(', ') : 'The policy gives no role.') : 'There is no policy: everything is allowed.'),
    action: 'Log out', read: () => true});
    if (out) {
      logout();
    }
  }});
  whenKnown((now) => {
    button.hidden = !now.source;
    button.textContent = now.name;
  });
  return button;
}
