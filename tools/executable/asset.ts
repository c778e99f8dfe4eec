/** The name under which the executable holds the files of the bundle. */
export const asset = 'bundle';
