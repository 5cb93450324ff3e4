"""Runs a program in a terminal of a given size: waits for each text, then types the answer to it.

Reads {"argv", "columns", "rows", "steps": [[wait, type], ...]} as JSON; writes {"code", "screen", "raw"}.
"""
import fcntl, json, os, pty, select, signal, struct, sys, termios, time

job = json.load(sys.stdin)
pid, master = pty.fork()
if pid == 0:
    os.execv(job["argv"][0], job["argv"])


def resize(rows, columns):
    fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))


resize(job["rows"], job["columns"])
steps, seen, screen = list(job["steps"]), b"", b""
deadline = time.monotonic() + job.get("seconds", 30)
while True:
    if steps and steps[0][0].encode() in seen:
        answer = steps.pop(0)[1]
        seen = b""
        if isinstance(answer, list):
            resize(*answer)
        elif answer.startswith("SIG"):
            os.kill(pid, getattr(signal, answer))
        else:
            os.write(master, answer.encode())
    if time.monotonic() > deadline:
        os.kill(pid, signal.SIGKILL)
        break
    ready, _, _ = select.select([master], [], [], 0.1)
    if not ready:
        continue
    try:
        data = os.read(master, 65536)
    except OSError:
        data = b""
    if not data:
        break
    seen += data
    screen += data
flags = termios.tcgetattr(master)[3]
status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
json.dump({"code": status, "screen": screen.decode(), "isRaw": not flags & termios.ICANON, "left": len(steps)}, sys.stdout)
