/** The answer to a question that is put when somebody first wants it, and once. */
export function lazy<Answer>(ask: () => Answer): () => Answer {
  let answer: { readonly value: Answer } | undefined;
  return () => (answer ??= { value: ask() }).value;
}
