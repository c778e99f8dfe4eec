/** Works something out once for each set of facts: many checks ask the same of them. */
export function once<Known extends object, Value>(
  workOut: (facts: Known) => Value,
): (facts: Known) => Value {
  const answers = new WeakMap<Known, { readonly value: Value }>();
  return (facts) => {
    const answer = answers.get(facts) ?? { value: workOut(facts) };
    answers.set(facts, answer);
    return answer.value;
  };
}
