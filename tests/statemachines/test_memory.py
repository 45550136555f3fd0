"""Memory: a container's limit is respected, whichever version of control groups says it."""

import pytest

from statemachines.memory import available, peak

GIB = 1 << 30


def machine(root, files):
    """A system's files, with 8 GiB available."""
    for path, text in {"proc/meminfo": f"MemTotal: 16777216 kB\nMemAvailable: {8 << 20} kB\n", **files}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(f"{text}\n")
    return root


FILES = {
    "no control groups": ({}, 8 * GIB),
    "version 2, no limit": (
        {
            "proc/self/cgroup": "0::/",
            "sys/fs/cgroup/memory.max": "max",
            "sys/fs/cgroup/memory.current": "7",
        },
        8 * GIB,
    ),
    "version 2, within a container": (
        {
            "proc/self/cgroup": "0::/",
            "sys/fs/cgroup/memory.max": 2 * GIB,
            "sys/fs/cgroup/memory.current": GIB,
            "sys/fs/cgroup/memory.stat": f"anon 1\ninactive_file {GIB // 2}",
        },
        3 * GIB // 2,
    ),
    "version 2, the limit is further up": (
        {
            "proc/self/cgroup": "0::/user/job",
            "sys/fs/cgroup/user/memory.max": 3 * GIB,
            "sys/fs/cgroup/user/memory.current": GIB,
            "sys/fs/cgroup/user/job/memory.max": "max",
            "sys/fs/cgroup/user/job/memory.current": GIB,
        },
        2 * GIB,
    ),
    "version 1": (
        {
            "proc/self/cgroup": "5:cpu,cpuacct:/job\n4:memory:/job",
            "sys/fs/cgroup/memory/job/memory.limit_in_bytes": GIB,
            "sys/fs/cgroup/memory/job/memory.usage_in_bytes": GIB // 4,
        },
        3 * GIB // 4,
    ),
    "version 1, seen from within a container": (
        {
            "proc/self/cgroup": "4:memory:/docker/1234",
            "sys/fs/cgroup/memory/memory.limit_in_bytes": GIB,
            "sys/fs/cgroup/memory/memory.usage_in_bytes": 2 * GIB,
        },
        0,
    ),
    "a limit above what there is": (
        {
            "proc/self/cgroup": "0::/",
            "sys/fs/cgroup/memory.max": 64 * GIB,
            "sys/fs/cgroup/memory.current": GIB,
        },
        8 * GIB,
    ),
}


@pytest.mark.parametrize("files", FILES)
def test_what_is_available_is_within_every_limit(tmp_path, files):
    given, expected = FILES[files]
    assert available(machine(tmp_path, given)) == expected


def test_where_no_file_says_what_is_available_something_is_reported(tmp_path):
    assert available(tmp_path) > 0


def test_the_peak_is_in_bytes():
    most = peak()
    if most is None:
        pytest.skip("the system does not say")
    assert 16 << 20 < most < 16 * GIB
