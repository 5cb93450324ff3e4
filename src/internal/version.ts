/** The package's version; a test compares it with package.json. Parent and worker exchange it when they meet. */
export const VERSION = '0.1.0'
