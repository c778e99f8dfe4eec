// Math.max(...numbers) ends in a RangeError where there are some hundred thousand.

export function largest(numbers: readonly number[], least = -Infinity): number {
  return numbers.reduce((most, each) => Math.max(most, each), least);
}

export function smallest(numbers: readonly number[], most = Infinity): number {
  return numbers.reduce((least, each) => Math.min(least, each), most);
}
