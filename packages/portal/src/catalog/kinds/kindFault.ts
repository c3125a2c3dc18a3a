/** What is wrong with the definition of a kind, and the path in it. The sentence starts at its verb. */
export class KindFault extends Error {
  readonly path: (string | number)[]

  constructor(path: (string | number)[], reason: string) {
    super(reason)
    this.path = path
  }
}
