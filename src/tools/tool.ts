import { EisenmpError } from '../errors.ts'
import type { SharedTool, ToolImage } from '../protocol/tool-image.ts'
import { ToolMemory } from './tool-memory.ts'
import { type ToolFile, writeToolFile } from './tool-file.ts'

/** How a tool is made. */
export interface Recipe {
  /** What it is, for messages: `words`. */
  readonly kind: string
  /** Its source can be read once only. */
  readonly isOnce: boolean
  /** Makes it in that memory, or finds it where it is already. */
  build(memory: ToolMemory): Promise<ToolImage>
}

/** In memory for threads, in a file for processes. */
export type ToolForm = 'memory' | 'file'

interface Version<Content> {
  readonly content: Promise<Content>
  holders: number
}

/**
 * Big read-only data, once for all workers of a machine: made by {@link tool}, given to pools as
 * `createPool({ tools: { name: tool } })`, and found by workers as `toolbox.tools.name`.
 *
 * It is built when the first pool starts that has it. Pools that live at the same time share it; with the last of them its
 * memory is given back, and a later pool builds it again. A version never changes: what the source becomes after it was
 * read, is in the next one.
 *
 * @typeParam Opened - What a worker gets.
 */
export class Tool<Opened = unknown> {
  /** Never there: only the type of what a worker gets. */
  declare readonly opened?: Opened
  readonly #recipe: Recipe
  #isUsedUp = false
  #memory: Version<ToolImage> | undefined
  #file: Version<ToolFile> | undefined

  private constructor(recipe: Recipe) {
    this.#recipe = recipe
  }

  /** @internal */
  static create<Opened>(recipe: Recipe): Tool<Opened> {
    return new Tool<Opened>(recipe)
  }

  /** What kind of tool it is: `array`, `bytes`, `words`, `table` or `columns`. */
  get kind(): string {
    return this.#recipe.kind
  }

  /**
   * Builds it when it is not there; the caller must call `release` when it has done with it.
   *
   * @internal
   */
  static async hold(tool: Tool, form: ToolForm): Promise<{ readonly shared: SharedTool; release(): Promise<void> }> {
    return form === 'memory' ? tool.#holdMemory() : tool.#holdFile()
  }

  async #build(memory: ToolMemory): Promise<ToolImage> {
    const { kind, isOnce } = this.#recipe
    if (isOnce && this.#isUsedUp) {
      const text = `Cannot build the tool of kind '${kind}' again: its source is used up`
      throw new EisenmpError('ERR_EISENMP_TOOL', `${text}; give a function that opens the source`)
    }
    this.#isUsedUp = true
    return this.#recipe.build(memory)
  }

  async #holdMemory(): Promise<{ shared: SharedTool; release(): Promise<void> }> {
    const version = (this.#memory ??= { content: this.#build(new ToolMemory(true)), holders: 0 })
    const release = async (): Promise<void> => {
      version.holders -= 1
      if (version.holders === 0 && this.#memory === version) this.#memory = undefined
    }
    version.holders += 1
    try {
      return { shared: { image: await version.content }, release }
    } catch (error) {
      await release()
      throw error
    }
  }

  async #holdFile(): Promise<{ shared: SharedTool; release(): Promise<void> }> {
    const version = (this.#file ??= { content: this.#write(), holders: 0 })
    const release = async (): Promise<void> => {
      version.holders -= 1
      if (version.holders > 0) return
      if (this.#file === version) this.#file = undefined
      const file = await version.content.catch(() => undefined)
      await file?.remove()
    }
    version.holders += 1
    try {
      const { image, path, driver } = await version.content
      return { shared: { image, file: { path, driver } }, release }
    } catch (error) {
      await release()
      throw error
    }
  }

  async #write(): Promise<ToolFile> {
    const memory = new ToolMemory(false)
    try {
      return await writeToolFile(() => this.#memory?.content ?? this.#build(memory))
    } finally {
      memory.free()
    }
  }
}

/** What a worker gets of a tool: `OpenedTool<typeof words>`. */
export type OpenedTool<T> = T extends Tool<infer Opened> ? Opened : never
