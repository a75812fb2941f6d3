/** Holds a lab's lock until it is ended. */
import { linux } from '../../../src/kernel/linux.js'

const lock = linux().lock(process.argv[2]!)
console.log('release' in lock ? 'held' : JSON.stringify(lock))
setInterval(() => {}, 1000)
