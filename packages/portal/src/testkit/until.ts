/** Waits until something is so; fails with the last reason when it does not come about. */
export async function until<T>(check: () => Promise<T> | T, withinMs = 10_000): Promise<T> {
  const end = Date.now() + withinMs
  for (;;) {
    try {
      return await check()
    } catch (error) {
      if (Date.now() > end) throw error
      await new Promise(done => setTimeout(done, 20))
    }
  }
}
