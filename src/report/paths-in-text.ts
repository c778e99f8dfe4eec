/** What a path is made of, so that `/etc/etcd/` is not found inside of `/backup/etc/etcd/`. */
const ofPath = /[\w/.-]/;

/** Whether a text names a path, and not only one that begins or ends like it. */
export function namesPath(text: string, path: string): boolean {
  return placesOf(text, path).some((at) => {
    const after = text.slice(at + path.length);
    // The dot that ends a sentence is none of the path's.
    return !/^(?:[\w/-]|\.\w)/.test(after);
  });
}

/** The text without a directory where paths begin with it. */
export function withoutDirectory(text: string, directory: string): string {
  const places = placesOf(text, directory);
  const starts = [0, ...places.map((at) => at + directory.length)];
  return starts.map((start, index) => text.slice(start, places[index])).join('');
}

/** Where the text has it, but not in the middle of a longer path. */
function placesOf(text: string, path: string): readonly number[] {
  if (path === '') return [];
  const places: number[] = [];
  for (let at = text.indexOf(path); at >= 0; at = text.indexOf(path, at + path.length)) {
    if (at === 0 || !ofPath.test(text.charAt(at - 1))) places.push(at);
  }
  return places;
}
