"""The file layer sees everything that the app's tools do to a file, and can fail it."""

import errno
import os
import shutil
import signal
import subprocess
import sys
from textwrap import dedent

import pytest

from faults import committing
from faults.layer import Disk, LogError
from faults.power import STRICT, History, check_complete

EVERYTHING = """
    import os, pathlib, shutil, sys, tempfile, threading
    os.chdir(sys.argv[1])
    os.mkdir("room")
    at = os.open("room", os.O_RDONLY)
    fd = os.open("plain", os.O_RDWR | os.O_CREAT, 0o600, dir_fd=at)
    os.write(fd, b"write" * 300)
    os.pwrite(fd, b"pwrite", 700)
    os.pwrite(fd, b"after a gap", 9000)
    os.writev(fd, [b"one", b"", b"two"])
    os.pwritev(fd, [b"three", b"four"], 5)
    os.ftruncate(fd, 8000)
    os.fsync(fd); os.fdatasync(fd); os.fsync(at)
    twin = os.dup(fd); os.close(fd)
    os.write(twin, b"through a copy of the descriptor")
    os.truncate("room/plain", 7900)
    more = os.open("room/plain", os.O_WRONLY | os.O_APPEND)
    os.write(more, b"at the end"); os.pwrite(more, b"at the end too", 3)
    os.rename("plain", "moved", src_dir_fd=at, dst_dir_fd=at)
    os.link("room/moved", "another"); os.unlink("another")
    with open("words", "w") as file:
        file.write("buffered\\n" * 5000)
    with open("words", "a") as file:
        file.write("more")
    shutil.copyfile("words", "copy"); shutil.copy2("words", "copy-2")
    os.replace("copy", "copy-2")
    handle, name = tempfile.mkstemp(dir="."); os.write(handle, b"temporary")
    os.rename("room", "rooms"); pathlib.Path("rooms/late").write_bytes(b"late")
    open("emptied", "wb").write(b"full"); open("emptied", "wb").close()
    os.makedirs("deep/er"); pathlib.Path("deep/er/file").write_text("in it")
    os.renames("deep/er/file", "risen/file")
    with tempfile.TemporaryDirectory(dir=".") as gone:
        pathlib.Path(gone, "file").write_text("gone")
    def fill(n):
        with open(f"thread-{n}", "wb", buffering=0) as file:
            for line in range(50):
                file.write(b"%d of thread %d\\n" % (line, n))
                os.fsync(file.fileno())
    threads = [threading.Thread(target=fill, args=(n,)) for n in range(4)]
    [thread.start() for thread in threads]; [thread.join() for thread in threads]
    child = os.fork()
    pathlib.Path("of-a-child" if child == 0 else "of-its-parent").write_text("!" * 9999)
    os._exit(0) if child == 0 else os.waitpid(child, 0)
"""

UNSEEN = {
    "a direct system call": """
        import ctypes, os, sys
        fd = os.open(sys.argv[1] + "/old", os.O_WRONLY)
        number = {"x86_64": 1, "aarch64": 64}[os.uname().machine]  # of write
        ctypes.CDLL(None).syscall(ctypes.c_long(number), fd, b"new", ctypes.c_size_t(3))
    """,
    "a mapping": """
        import mmap, sys
        with open(sys.argv[1] + "/old", "r+b") as file:
            mmap.mmap(file.fileno(), 0)[:3] = b"new"
    """,
    "the buffers of C": """
        import ctypes, os, sys
        c = ctypes.CDLL(None)
        c.fopen.restype = ctypes.c_void_p
        file = ctypes.c_void_p(c.fopen(sys.argv[1].encode() + b"/old", b"r+"))
        c.fputs(b"new", file); c.fclose(file)
    """,
    "a symbolic link": """
        import os, sys
        os.symlink("old", sys.argv[1] + "/new")
    """,
}


@pytest.fixture
def folder(tmp_path):
    """A folder that holds one file."""
    found = tmp_path / "watched"
    found.mkdir()
    (found / "old").write_bytes(b"old")
    return found


def python(disk, code, *arguments):
    """Run some lines of Python on a disk, with the folder as first argument."""
    return disk.run(sys.executable, "-c", dedent(code), disk.folder, *arguments)


def test_all_that_python_does_is_seen(faulty, folder):
    disk = faulty(folder, record=True)

    ran = python(disk, EVERYTHING)

    assert (ran.returncode, ran.stderr) == (0, "")
    check_complete(disk.log(), folder)
    synced = [r.path for r in disk.log().records if r.kind == "sync"]
    assert synced[:3] == ["room/plain", "room/plain", "room"]
    kinds = {record.kind for record in disk.log().records}
    assert kinds >= {"create", "write", "truncate", "sync", "rename", "unlink", "mkdir"}
    assert disk.n_records == len(disk.log().records)
    assert disk.n_refused == 0


def test_all_that_the_encrypted_database_does_is_seen(faulty, folder):
    disk = faulty(folder, record=True)

    ran = disk.run(sys.executable, committing.__file__, folder, 12, "FULL")

    assert (ran.returncode, ran.stderr) == (0, "")
    check_complete(disk.log(), folder)
    history = History(disk.log(), STRICT)
    assert history.acknowledged(history.n_records) == tuple(map(str, range(1, 13)))
    written = {r.path for r in disk.log().records if r.kind == "write"}
    synced = {r.path for r in disk.log().records if r.kind == "sync"}
    assert {committing.DATABASE, f"{committing.DATABASE}-wal"} <= written & synced
    assert "" in synced  # the folder, so that the names in it are kept


def test_all_that_the_other_sqlite_does_is_seen(faulty, folder):
    disk = faulty(folder, record=True)

    ran = python(
        disk,
        """
        import sqlite3, sys
        database = sqlite3.connect(sys.argv[1] + "/plain.sqlite3")
        for mode in ("DELETE", "TRUNCATE", "PERSIST", "WAL", "DELETE"):
            database.execute(f"PRAGMA journal_mode = {mode}")
            with database:
                database.execute(f"CREATE TABLE {mode}_{len(mode)} AS SELECT 1 AS n")
            database.execute("DROP TABLE " + f"{mode}_{len(mode)}")
        database.execute("VACUUM")
        database.close()
        """,
    )

    assert (ran.returncode, ran.stderr) == (0, "")
    check_complete(disk.log(), folder)
    assert {r.kind for r in disk.log().records} >= {"write", "truncate", "unlink"}


@pytest.mark.parametrize("way", sorted(UNSEEN))
def test_what_it_cannot_see_is_found_missing(faulty, folder, way):
    disk = faulty(folder, record=True)

    ran = python(disk, UNSEEN[way])

    assert (ran.returncode, ran.stderr) == (0, "")
    with pytest.raises(LogError, match=r"old|new"):
        check_complete(disk.log(), folder)


def test_a_program_without_the_layer_is_found_out(faulty, folder):
    disk = faulty(folder, record=True)
    code = "import pathlib, sys; pathlib.Path(sys.argv[1], 'old').write_text('new')"

    subprocess.run([sys.executable, "-c", code, str(folder)], check=True)

    assert disk.n_records == 0
    with pytest.raises(LogError, match="old holds something that the log does not"):
        check_complete(disk.log(), folder)


def test_what_lies_outside_the_folder_is_left_alone(faulty, folder, tmp_path):
    disk = faulty(folder, read_only=True, full_after=0, record=True)
    beside = tmp_path / "watched-not"
    beside.mkdir()

    ran = python(disk, "import sys\nopen(sys.argv[2], 'w').write('!')", beside / "a")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert disk.log().records == ()


ATTEMPTS = """
    import os, sys
    os.chdir(sys.argv[1])
    fd = int(sys.argv[2])
    def attempt(name, change, *arguments):
        try:
            change(*arguments)
        except OSError as error:
            print(name, error.errno)
    attempt("write over", os.pwrite, fd, b"new", 0)
    attempt("write more", os.pwrite, fd, b"more", 3)
    attempt("truncate", os.ftruncate, fd, 3)
    attempt("make", os.open, "made", os.O_WRONLY | os.O_CREAT)
    attempt("make a folder", os.mkdir, "room")
    attempt("link", os.link, "old", "linked")
    attempt("open", os.open, "old", os.O_WRONLY)
    attempt("read", os.open, "old", os.O_RDONLY)
    attempt("rename", os.rename, "old", "moved")
    attempt("rename back", os.rename, "moved", "old")
    attempt("chmod", os.chmod, "old", 0o600)
    attempt("sync", os.fsync, fd)
    attempt("remove", os.unlink, "old")
"""


def attempts(disk):
    """Try each kind of change, with a file that was open before; return what failed."""
    fd = os.open(disk.folder / "old", os.O_RDWR)
    argv = (sys.executable, "-c", dedent(ATTEMPTS), disk.folder, fd)
    ran = disk.run(*argv, pass_fds=(fd,))
    os.close(fd)
    assert (ran.returncode, ran.stderr) == (0, "")
    lines = [line.rpartition(" ") for line in ran.stdout.splitlines()]
    return {name: errno.errorcode[int(number)] for name, _, number in lines}


def test_a_sound_disk_refuses_nothing(faulty, folder):
    assert attempts(faulty(folder)) == {}


def test_on_a_full_disk_nothing_more_can_be_written(faulty, folder):
    disk = faulty(folder, full_after=0)

    failed = attempts(disk)

    assert failed == dict.fromkeys(
        ("write over", "write more", "make a folder"), "ENOSPC"
    )
    assert disk.n_refused == 3


def test_a_full_disk_may_let_what_is_there_be_written_over(faulty, folder):
    disk = faulty(folder)
    disk.fill(growing_only=True, names=True)

    failed = attempts(disk)

    assert failed == dict.fromkeys(
        ("write more", "make", "make a folder", "link"), "ENOSPC"
    )


@pytest.mark.parametrize("error", [errno.EROFS, errno.EACCES])
def test_on_a_disk_that_is_read_only_nothing_changes(faulty, folder, error):
    disk = faulty(folder, read_only=error)
    (folder / "moved").write_bytes(b"to be renamed")

    failed = attempts(disk)

    assert set(failed.values()) == {errno.errorcode[error]}
    assert {
        "write over",
        "write more",
        "truncate",
        "make",
        "make a folder",
        "link",
        "open",
        "rename",
        "rename back",
        "chmod",
        "remove",
    } == failed.keys()
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {
        "old": b"old",
        "moved": b"to be renamed",
    }


def test_an_fsync_may_fail(faulty, folder):
    assert attempts(faulty(folder, sync_error=True)) == {"sync": "EIO"}


def test_what_fits_is_written_before_the_disk_is_full(faulty, folder):
    disk = faulty(folder, full_after=5)

    ran = python(
        disk,
        """
        import os, sys
        fd = os.open(sys.argv[1] + "/new", os.O_WRONLY | os.O_CREAT)
        print(os.write(fd, b"abc"), os.write(fd, b"defg"))
        os.write(fd, b"h")
        """,
    )

    assert ran.stdout == "3 2\n"
    assert "No space left on device" in ran.stderr
    assert (folder / "new").read_bytes() == b"abcde"
    assert disk.n_refused == 2


def test_so_many_writes_may_be_made_and_no_more(faulty, folder):
    disk = faulty(folder)
    disk.fill(writes=2)

    ran = python(
        disk,
        """
        import os, sys
        fd = os.open(sys.argv[1] + "/new", os.O_WRONLY | os.O_CREAT)
        while True:
            print(os.write(fd, b"abc"))
        """,
    )

    assert ran.stdout == "3\n3\n"
    assert "No space left on device" in ran.stderr


def test_writes_may_be_short(faulty, folder):
    disk = faulty(folder, longest_write=4, record=True)

    ran = python(
        disk,
        """
        import os, sys
        fd = os.open(sys.argv[1] + "/new", os.O_WRONLY | os.O_CREAT)
        print(os.write(fd, b"abcdefg"), os.writev(fd, [b"ef", b"ghi"]))
        with open(sys.argv[1] + "/old", "wb") as file:
            file.write(b"whole, in the end")
        """,
    )

    assert (ran.stdout, ran.stderr) == ("4 4\n", "")
    assert (folder / "new").read_bytes() == b"abcdefgh"
    assert (folder / "old").read_bytes() == b"whole, in the end"
    check_complete(disk.log(), folder)


def test_sqlite_meets_the_same_faults(faulty, folder):
    disk = faulty(folder, full_after=50_000, record=True)

    ran = disk.run(sys.executable, committing.__file__, folder, 40, "FULL")

    assert "database or disk is full" in ran.stderr
    assert disk.n_refused > 0
    check_complete(disk.log(), folder)


def test_faults_come_and_go_while_a_program_runs(faulty, folder):
    disk = faulty(folder)
    code = dedent("""
        import os, sys
        fd = os.open(sys.argv[1] + "/old", os.O_WRONLY)
        for line in sys.stdin:
            try:
                print(os.pwrite(fd, b"new", 0), flush=True)
            except OSError as error:
                print(error.strerror, flush=True)
    """)

    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env=disk.env,
    ) as running:

        def answer():
            running.stdin.write("now\n")
            running.stdin.flush()
            return running.stdout.readline().strip()

        answers = [answer()]
        disk.fill()
        answers.append(answer())
        disk.mend()
        answers.append(answer())
        disk.make_read_only()
        answers.append(answer())
        running.stdin.close()

    assert answers == ["3", "No space left on device", "3", "Read-only file system"]


def test_a_program_that_is_killed_leaves_a_log_that_can_be_read(faulty, folder):
    disk = faulty(folder, record=True)
    code = dedent("""
        import itertools, os, sys
        fd = os.open(sys.argv[1] + "/new", os.O_WRONLY | os.O_CREAT)
        for n in itertools.count():
            os.pwrite(fd, b"%d" % n * 3000, n)
            if n == 100:
                print("enough", flush=True)
    """)

    with subprocess.Popen(
        [sys.executable, "-c", code, str(folder)],
        stdout=subprocess.PIPE,
        env=disk.env,
    ) as running:
        running.stdout.readline()
        running.kill()
    ran = python(disk, "import os, sys; os.mkdir(sys.argv[1] + '/after')")

    assert ran.returncode == 0
    assert len(disk.log().records) > 100
    assert disk.log().records[-1].path == "after"


def test_a_log_may_not_lie_in_the_folder_itself(library, folder):
    with pytest.raises(ValueError, match="outside"):
        Disk(library, folder, place=folder)


def test_a_copied_folder_is_a_disk_of_its_own(faulty, folder, tmp_path):
    other = shutil.copytree(folder, tmp_path / "other")
    first, second = faulty(folder, full_after=0), faulty(other)

    assert "write over" in attempts(first)
    assert attempts(second) == {}


def test_the_database_survives_short_writes(faulty, folder):
    disk = faulty(folder, longest_write=1000)

    ran = disk.run(sys.executable, committing.__file__, folder, 12, "FULL")

    assert (ran.returncode, ran.stderr) == (0, "")
    assert disk.n_refused > 0
    database = committing.opened(folder / committing.DATABASE)
    assert database.execute("SELECT count(*) FROM row").fetchone() == (12,)
    database.close()


@pytest.mark.parametrize("n", [1, 2, 3, 7])
def test_a_program_is_killed_right_after_a_change(faulty, folder, n):
    disk = faulty(folder, record=True)
    program = """
        import os, sys
        for n in range(10):
            os.mkdir(f"{sys.argv[1]}/room-{n}")
    """
    disk.forget()
    disk.kill(after=n)

    ended = disk.run(sys.executable, "-c", dedent(program), folder)
    disk.mend()
    again = disk.run(
        sys.executable, "-c", "import os, sys; os.mkdir(sys.argv[1])", folder / "last"
    )

    assert (ended.returncode, again.returncode) == (-signal.SIGKILL, 0)
    rooms = {path.name for path in folder.glob("room-*")}
    assert rooms == {f"room-{i}" for i in range(n)}
    assert [record.kind for record in disk.log().records] == ["mkdir"] * (n + 1)
