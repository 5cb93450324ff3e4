import { rename, rm } from 'node:fs/promises'
import type { ToolImage } from '../protocol/tool-image.ts'
import { findDriver } from './find-driver.ts'
import { ImageWriter } from './image-writer.ts'
import { takePath } from './tool-folder.ts'

/** A tool in a file. */
export interface ToolFile {
  readonly image: ToolImage
  readonly path: string
  readonly driver: string
  remove(): Promise<void>
}

/** Writes a tool; under its name it is there only when it is complete. */
export async function writeToolFile(build: () => Promise<ToolImage>): Promise<ToolFile> {
  const driver = findDriver()
  const { path, release } = takePath()
  const draft = `${path}.draft`
  const remove = async (): Promise<void> => {
    for (const file of [draft, path]) for (const end of ['', '-lock']) await rm(file + end, { force: true })
    await release()
  }
  try {
    const source = await build()
    const writer = new ImageWriter(draft, driver)
    let image: ToolImage
    try {
      image = await writer.write(source)
    } finally {
      // Closed before it gets another name, or is deleted.
      await writer.close()
    }
    await rename(draft, path)
    return { image, path, driver, remove }
  } catch (error) {
    await remove()
    throw error
  }
}
