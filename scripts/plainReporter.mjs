import { writeSync } from 'node:fs'

/** Ends a test run with `N passed, N failed, N skipped` alone on the last line, for people and programs to find. */
export default class PlainReporter {
  #counts = { passed: 0, failed: 0, skipped: 0 }

  onInit() {
    // why: other reporters write their own summary at the end of the run; the exit comes after all of them.
    process.once('exit', () => {
      const { passed, failed, skipped } = this.#counts
      writeSync(1, `${passed} passed, ${failed} failed, ${skipped} skipped\n`)
    })
  }

  onTestRunEnd(modules, unhandledErrors) {
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 }
    for (const module of modules) {
      const states = [...module.children.allTests()].map(test => test.result().state)
      for (const state of states) counts[state === 'passed' || state === 'failed' ? state : 'skipped']++
      // A file or suite that fails outside of its tests is a failure too.
      if (module.state() === 'failed' && !states.includes('failed')) counts.failed++
    }
    this.#counts = counts
  }
}
