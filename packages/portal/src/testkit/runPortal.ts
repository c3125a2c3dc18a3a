import { loadConfig } from '@callboard/kernel/config/config'
import { createLog } from '@callboard/kernel/log'
import { startPortal } from '../startPortal.ts'

// A portal in a process of its own, for tests that kill it: `runPortal.ts FOLDER`, with DATABASE_URL or the embedded database in
// FOLDER/.callboard. Its first line is its address; the log goes nowhere.
const [folder = '.'] = process.argv.slice(2)
const config = await loadConfig({ paths: [`${folder}/app-config.yaml`], cwd: folder, env: {} })
const { url, close } = await startPortal({ config, port: 0, env: process.env, log: await createLog({ write: () => undefined }) })
console.log(url)
process.once('SIGTERM', () => void close().then(() => process.exit(0)))
