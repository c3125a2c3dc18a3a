import type { View } from '@callboard/sdk'
import { portalErrors } from '../errors.ts'

const LONGEST_MS = 15_000

/** Asks a plugin for a view. Its failure is its own: it is named and contained. */
export async function drawView(plugin: string, draw: () => View | Promise<View>): Promise<View> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took longer than ${LONGEST_MS / 1000} s`)), LONGEST_MS)
  })
  try {
    const view = await Promise.race([Promise.try(draw), tooLate])
    if (typeof view !== 'object' || typeof view?.view !== 'string') throw new Error('it returned no view')
    return view
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw portalErrors.CARD_FAILED({ plugin, reason }, { cause, where: { plugin } })
  } finally {
    clearTimeout(timer)
  }
}
