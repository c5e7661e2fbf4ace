// How the server is asked, and how it tells what changes.
import {toast} from './dom.js';
import {askWho, authorization, known, proof} from './who.js';

const BASE = 'api/v1';

export class Problem extends Error {
  constructor(problem) {
    super(problem.detail || problem.title);
    this.problem = problem;
  }
}

async function request(path, options) {
  let response;
  try {
    response = await fetch(BASE + path, {...options, headers: {...options.headers, ...authorization(), ...(options.method ? proof() : {})}});
  } catch (e) {
    if (e.name === 'AbortError') {
      throw e;
    }
    throw new Problem({title: 'Waybill does not answer', detail: 'Waybill does not answer', remedy: 'is it still running?', status: 0});
  }
  if (response.status === 401) {
    if (!await askWho()) {
      throw new Problem({title: 'Who are you?', detail: 'nobody logged in and no token was given', remedy: 'reload the page to do so', status: 401});
    }
    return request(path, options);
  }
  if (!response.ok) {
    let problem = {title: response.statusText, detail: 'the answer was ' + response.status, remedy: '', status: response.status};
    if ((response.headers.get('Content-Type') || '').startsWith('application/problem+json')) {
      problem = await response.json();
    }
    throw new Problem(problem);
  }
  return response;
}

export async function get(path, signal) {
  return (await request(path, {signal})).json();
}

/** Looks anew who this is and what he may. */
export async function look() {
  known(await get('/me'));
}

/** Query text of what is given. */
export function query(values) {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value) {
      params.set(name, value);
    }
  }
  const text = params.toString();
  return text ? '?' + text : '';
}

/** Orders something and tells what came of it, also when it takes its time. */
export async function order(path, body) {
  try {
    const response = await request(path, {
      method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify(body || {}),
    });
    let answer = await response.json();
    if (answer.state === 'running') {
      toast('The order is being carried out.');
    }
    while (answer.state === 'running') {
      await new Promise((resolve) => setTimeout(resolve, 1000));
      answer = await get('/orders/' + answer.order);
    }
    const bad = answer.state === 'held_or_failed' || answer.state === 'refused';
    toast(answer.lines.join(' · ') || answer.state, bad ? 'bad' : answer.state === 'dead_letters' ? 'warn' : 'ok');
    return answer;
  } catch (e) {
    if (!(e instanceof Problem)) {
      throw e;
    }
    toast(e.problem.title + ': ' + e.problem.detail, 'bad');
    return null;
  }
}

/** Listens for ever; tells each event, and whether there is a connection. */
export async function listen(tell, connected) {
  for (;;) {
    try {
      const response = await request('/events', {});
      connected(true);
      await read(response.body.getReader(), tell);
    } catch (e) {
      if (!(e instanceof Problem) && !(e instanceof TypeError)) {
        throw e;
      }
    }
    connected(false);
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

async function read(reader, tell) {
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const {done, value} = await reader.read();
    if (done) {
      return;
    }
    text += decoder.decode(value, {stream: true});
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const lines = text.slice(0, end).split('\n');
      text = text.slice(end + 2);
      const name = lines.find((line) => line.startsWith('event: '));
      const data = lines.find((line) => line.startsWith('data: '));
      if (name && data) {
        tell(name.slice(7), JSON.parse(data.slice(6)));
      }
    }
  }
}
