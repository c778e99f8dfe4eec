import type { Variable } from './expand.ts';
import type { ShellVariable } from './run.ts';

/** A variable as commands are given it; nothing for one that is not set. */
export function listed(name: string, variable: Variable): readonly ShellVariable[] {
  const { value: text, isKnown, exported, location, doubt } = variable;
  if (text === undefined) return [];
  const isSure = isKnown && exported !== 'maybe';
  return [
    {
      name,
      value: isSure || !isKnown ? text : `\${${name}}`,
      ...(location && { location }),
      ...(!isSure && doubtOf(text, isKnown, doubt)),
    },
  ];
}

/** What is written in a value needs no other reason. */
function doubtOf(text: string, isKnown: boolean, doubt: string | undefined): { doubt?: string } {
  if (doubt !== undefined) return { doubt };
  if (isKnown) return { doubt: 'a branch decides whether it is exported' };
  return /\$[({A-Za-z_]|`/.test(text) ? {} : { doubt: 'only the running shell knows it' };
}
