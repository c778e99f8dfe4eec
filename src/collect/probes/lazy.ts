/** Asks a question when its answer is first wanted, and only once. */
export function lazy<Answer>(ask: () => Answer): () => Answer {
  let answer: { readonly value: Answer } | undefined;
  return () => (answer ??= { value: ask() }).value;
}
