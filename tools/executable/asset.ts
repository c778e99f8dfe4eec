/**
 * The executable holds an asset for each file of the bundle, under the name of that file, with its text and its compiled
 * code. V8 counts whole assets as memory, and marks objects once that and they exceed 17 MB: only what a command loads is taken.
 */
export const sourceName = 'source';
export const compiledName = 'compiled';

/** The command for which one more asset, of this name, holds other compiled code of some files, by their names. */
export const commandWithOwnCode = 'verify';
