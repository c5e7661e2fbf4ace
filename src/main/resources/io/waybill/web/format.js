// Numbers and times for people; always the same width of digits, so that nothing jumps.
const NUMBER = new Intl.NumberFormat('en-US');

export function count(n) {
  return NUMBER.format(n);
}

export function compact(n) {
  for (const [limit, sign] of [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']]) {
    if (n >= limit) {
      const value = n / limit;
      return (value >= 100 ? value.toFixed(0) : value.toFixed(1)) + ' ' + sign;
    }
  }
  return n >= 10 || Number.isInteger(n) ? n.toFixed(0) : n.toFixed(1);
}

export function bytes(n) {
  if (n < 1000) {
    return n.toFixed(0) + ' B';
  }
  return compact(n) + 'B';
}

export function duration(millis) {
  if (millis > 0 && millis < 1) {
    return millis.toFixed(1) + ' ms';
  }
  if (millis < 1000) {
    return millis.toFixed(0) + ' ms';
  }
  const seconds = millis / 1000;
  if (seconds < 60) {
    return seconds.toFixed(1) + ' s';
  }
  if (seconds < 3600) {
    return Math.floor(seconds / 60) + ' min ' + Math.floor(seconds % 60) + ' s';
  }
  if (seconds < 86400) {
    return Math.floor(seconds / 3600) + ' h ' + Math.floor(seconds % 3600 / 60) + ' min';
  }
  return Math.floor(seconds / 86400) + ' d ' + Math.floor(seconds % 86400 / 3600) + ' h';
}

function two(n) {
  return String(n).padStart(2, '0');
}

export function clock(text) {
  const at = new Date(text);
  return two(at.getHours()) + ':' + two(at.getMinutes()) + ':' + two(at.getSeconds());
}

export function time(text) {
  const at = new Date(text);
  const day = at.getFullYear() + '-' + two(at.getMonth() + 1) + '-' + two(at.getDate());
  return (new Date().toDateString() === at.toDateString() ? '' : day + ' ') + clock(text);
}

export function ago(text) {
  const seconds = (Date.now() - new Date(text).getTime()) / 1000;
  if (seconds < 5) {
    return 'just now';
  }
  if (seconds < 90) {
    return Math.round(seconds / 5) * 5 + ' s ago';
  }
  if (seconds < 5400) {
    return Math.round(seconds / 60) + ' min ago';
  }
  return seconds < 129600 ? Math.round(seconds / 3600) + ' h ago' : Math.round(seconds / 86400) + ' d ago';
}

/** The end of a path, which is what tells sources apart. */
export function tail(path) {
  return path.split('/').filter(Boolean).slice(-1)[0] || path;
}
