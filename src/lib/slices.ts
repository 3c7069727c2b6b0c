/** The list in order, in slices of `size` and what is left. */
export function slicesOf<One>(list: readonly One[], size: number): readonly (readonly One[])[] {
  const count = Math.ceil(list.length / size);
  return Array.from({ length: count }, (_, at) => list.slice(at * size, (at + 1) * size));
}
