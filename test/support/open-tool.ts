import { openTools } from '../../src/tools/open-tools.ts'
import { Tool, type ToolForm } from '../../src/tools/tool.ts'

export const forms = ['memory', 'file'] as const

/** Opens a tool in this process, and closes it after the action. */
export async function withOpened<Opened, Result>(
  tool: Tool<Opened>,
  form: ToolForm,
  action: (opened: Opened) => Result | Promise<Result>,
): Promise<Result> {
  const held = await Tool.hold(tool, form)
  try {
    return await action(openTools({ it: held.shared })['it'] as Opened)
  } finally {
    await held.release()
  }
}
