// What an answer of a process costs with nothing but Node.
process.on('message', (message) => process.send!(message))
