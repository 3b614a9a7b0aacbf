// Files that a demo brings along (`Demo.files`): scripts, since browsers load no modules and no data from the disk.

const loading = new Map();

/** Says that a file did not come. */
export class LoadError extends Error {}

/** Load a file, once for all demos of a page; after a failure the next call tries again. */
export function load(file) {
  if (!loading.has(file)) {
    const done = new Promise((resolve, reject) => {
      const script = document.createElement("script");
      const root = new URL(document.documentElement.dataset.content_root ?? ".", document.baseURI);
      script.src = new URL(`_static/loaded/${file}`, root).href;
      script.onload = () => resolve();
      script.onerror = () => reject(new LoadError(`${file} could not be loaded. Is there a connection? Then try again.`));
      document.head.append(script);
    });
    loading.set(file, done);
    done.catch(() => loading.delete(file));
  }
  return loading.get(file);
}
