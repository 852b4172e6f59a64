// Files and folders that are dropped, pasted or chosen. The files stay here under the number of their drop; their content is read in parts.
const drops = new Map();
let last = 0;

const toldEvery = 250; // ms
const isJunk = name => name.startsWith('.') || name === '__MACOSX' || name === 'Thumbs.db' || name === 'desktop.ini';

const filesOf = reader => new Promise((resolve, reject) => {
  const all = [];
  const more = () => reader.readEntries(entries => entries.length === 0 ? resolve(all) : (all.push(...entries), more()), reject);
  more();
});

const fileOf = entry => new Promise((resolve, reject) => entry.file(resolve, reject));

async function walk(entry, path, found, tell) {
  if (isJunk(entry.name)) {
    return;
  }
  const name = path ? `${path}/${entry.name}` : entry.name;
  if (entry.isFile) {
    found.push({ name, file: await fileOf(entry) });
    tell(found.length);
  } else {
    for (const child of await filesOf(entry.createReader())) {
      await walk(child, name, found, tell);
    }
  }
}

function keep(found) {
  drops.set(++last, found.map(one => one.file));
  return { id: last, names: found.map(one => one.name), sizes: found.map(one => one.file.size) };
}

const chosen = list => keep([...list]
  .map(file => ({ name: file.webkitRelativePath || file.name, file }))
  .filter(one => !one.name.split('/').some(isJunk)));

// The zone takes drops, its inputs of the type file take choices; pasted images are taken where the page has one zone that wants them.
export function attach(zone, owner, takesPaste) {
  const stop = new AbortController();
  const on = (target, kind, act) => target.addEventListener(kind, act, { signal: stop.signal });
  const give = drop => drop.names.length > 0 && owner.invokeMethodAsync('TakeAsync', drop);
  let inside = 0;
  let told = 0;
  const tell = count => {
    if (Date.now() - told > toldEvery) {
      told = Date.now();
      owner.invokeMethodAsync('WalkAsync', count);
    }
  };

  on(zone, 'dragenter', event => { event.preventDefault(); inside++; zone.classList.add('over'); });
  on(zone, 'dragleave', () => { if (--inside <= 0) { inside = 0; zone.classList.remove('over'); } });
  on(zone, 'dragover', event => event.preventDefault());
  on(zone, 'drop', async event => {
    event.preventDefault();
    inside = 0;
    zone.classList.remove('over');
    // Entries can be asked for during the event only.
    const items = [...event.dataTransfer.items].filter(item => item.kind === 'file')
      .map(item => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
    const found = [];
    for (const { entry, file } of items) {
      if (entry) {
        await walk(entry, '', found, tell);
      } else if (file) {
        found.push({ name: file.name, file });
      }
    }
    give(keep(found));
  });
  for (const input of zone.querySelectorAll('input[type=file]')) {
    on(input, 'change', () => { give(chosen(input.files)); input.value = ''; });
  }
  if (takesPaste) {
    on(document, 'paste', event => {
      const files = [...event.clipboardData.files];
      if (files.length > 0) {
        event.preventDefault();
        give(keep(files.map(file => ({ name: file.name, file }))));
      }
    });
  }
  return { detach: () => stop.abort() };
}

// Bytes of several files after each other: [file, start, end] for each.
export async function read(id, parts) {
  const files = drops.get(id);
  const blob = new Blob(parts.map(([file, start, end]) => files[file].slice(start, end)));
  return new Uint8Array(await blob.arrayBuffer());
}

export const address = (id, file) => URL.createObjectURL(drops.get(id)[file]);

export const forget = id => drops.delete(id);
