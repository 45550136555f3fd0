"""How a command ends that is interrupted."""

import subprocess
import sys

INTERRUPTED = """
import gc, os, signal, time

def main():
    def callback(phase, _):
        gc.callbacks.remove(callback)
        os.kill(os.getpid(), signal.SIGINT)
    gc.callbacks.append(callback)
    gc.collect()
    time.sleep(30)
"""


def test_an_interrupt_in_a_callback_of_the_garbage_collector_is_not_lost(tmp_path):
    (tmp_path / "interrupted.py").write_text(INTERRUPTED)
    code = "from properties.cli.entry import run; run('interrupted:main')"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, timeout=25, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (130, b"")
