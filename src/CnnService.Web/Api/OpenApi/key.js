// Adds the caller's API key to requests of this page, where the service asks for one. The key stays in this tab.
(() => {
  'use strict';
  const name = 'cnnservice-key';
  const send = window.fetch.bind(window);
  let asked = null;

  function ask() {
    asked ??= Promise.resolve().then(() => window.prompt('API key')).finally(() => { asked = null; });
    return asked;
  }

  async function sendWithKey(request, key) {
    const copy = request.clone();
    if (key && !copy.headers.has('X-Api-Key')) {
      copy.headers.set('X-Api-Key', key);
    }
    return send(copy);
  }

  window.fetch = async (input, init) => {
    const request = new Request(input, init);
    const key = sessionStorage.getItem(name);
    const answer = await sendWithKey(request, key);
    if (answer.status !== 401) {
      return answer;
    }
    const entered = await ask();
    if (!entered) {
      return answer;
    }
    const second = await sendWithKey(request, entered);
    if (second.status !== 401) {
      sessionStorage.setItem(name, entered);
    }
    return second;
  };
})();
