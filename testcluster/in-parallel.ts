/** Does several things at a time, and gives the results in their order. */
export async function inParallel<Task, Result>(
  tasks: readonly Task[],
  width: number,
  action: (task: Task) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const queue = [...tasks.entries()];
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [index, task] = next;
      results.set(index, await action(task));
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return [...results.entries()].toSorted(([one], [other]) => one - other).map(([, value]) => value);
}
