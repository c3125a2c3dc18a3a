export function hello(): { hello: string } {
  return { hello: 'from ${{ values.name }}' };
}
