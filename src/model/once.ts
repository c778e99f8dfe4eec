/** Works something out once for each object, which never changes: many ask the same of it. */
export function once<Known extends object, Value>(
  workOut: (known: Known) => Value,
): (known: Known) => Value {
  const answers = new WeakMap<Known, { readonly value: Value }>();
  return (known) => {
    const answer = answers.get(known);
    if (answer !== undefined) return answer.value;
    const value = workOut(known);
    answers.set(known, { value });
    return value;
  };
}

/** How many answers about texts are kept: more than a small cluster has hosts, URLs and releases. */
const mostTexts = 1000;

/** Works something out once for each text: a run asks the same of a few texts thousands of times. */
export function oncePerText<Value>(workOut: (text: string) => Value): (text: string) => Value {
  const answers = new Map<string, { readonly value: Value }>();
  return (text) => {
    const known = answers.get(text);
    if (known !== undefined) return known.value;
    const value = workOut(text);
    if (answers.size >= mostTexts) answers.clear();
    answers.set(text, { value });
    return value;
  };
}
