"""Files that a student puts into an LMS's download: the classmates' notebooks are collected all the same."""

import io
import resource
import struct
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from autograder.lms import downloads
from autograder.lms.handed_in import MAX_ARCHIVES, MAX_REMARKS
from tests.lms.test_collect import NAME, WORK, collected, encrypted, inside, of, submitted, zipped

ADA = "Ada Lovelace_501_assignsubmission_file_/"
BEN = f"Ben Özgür_502_assignsubmission_file_/{NAME}.ipynb"


def entries(count, name="{}.txt"):
    return inside({name.format(i): b"" for i in range(count)})


def badly_named(flags, name):
    """An archive whose member's name is these bytes, in a place of as many."""
    place = "x" * len(name)
    data = bytearray(inside({place: WORK}))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        struct.pack_into("<H", data, data.find(mark) + offset, flags)
    return bytes(data).replace(place.encode(), name)


def compressed(method, data):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr(f"{NAME}.ipynb", data)
    return buffer.getvalue()


def damaged(offset, value, form="<L"):
    """An archive whose record of its end says something else: its list's length (12), its place (16)."""
    data = bytearray(inside({f"{NAME}.ipynb": WORK}))
    struct.pack_into(form, data, data.rfind(b"PK\x05\x06") + offset, value)
    return bytes(data)


def cut_short():
    data = inside({f"{NAME}.ipynb": WORK})
    at = data.rfind(b"PK\x01\x02")
    return data[: at + 20] + data[at + 46 :]


def listed(count):
    """An archive whose list names one file again and again: 46 bytes each, 600 in memory."""
    data = inside({"a": b""})
    start, end = data.rfind(b"PK\x01\x02"), data.rfind(b"PK\x05\x06")
    entry = data[start:end]
    tail = bytearray(data[end:])
    struct.pack_into("<HHLL", tail, 8, count & 0xFFFF, count & 0xFFFF, count * len(entry), start)
    return data[:start] + entry * count + bytes(tail)


def unnamed():
    """zipfile reads this name as an empty one."""
    member = zipfile.ZipInfo("x")
    member.filename = "\0"
    return inside({member: WORK})


HOSTILE = {
    "50,001 members": lambda: entries(50_001),
    "a million members": lambda: listed(1_000_000),
    "a name said to be UTF-8 that is none": lambda: badly_named(0x800, b"\xff\xfe.ipynb"),
    "no name at all": unnamed,
    "a name of 60,000 letters": lambda: inside({"a" * 60_000 + "/b.txt": b""}),
    "encrypted": lambda: badly_named(1, f"{NAME}.ipynb".encode()),
    "bzip2, which unpacks without bound": lambda: compressed(zipfile.ZIP_BZIP2, bytes(200 * 2**20)),
    "LZMA": lambda: compressed(zipfile.ZIP_LZMA, WORK),
    "a list that begins before the file": lambda: damaged(16, 2**31),
    "a list longer than the file": lambda: damaged(12, 2**31 - 1),
    "a list of 0 bytes": lambda: damaged(12, 0),
    "a list cut short": cut_short,
    "an end alone": lambda: b"PK\x05\x06" + bytes(18),
    "an end cut short": lambda: inside({f"{NAME}.ipynb": WORK})[:-5],
    "no bytes": lambda: b"",
    "a method that nobody has": lambda: inside({f"{NAME}.ipynb": WORK}).replace(
        b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x00\x00\x63\x00"
    ),
    "a version to come": lambda: inside({f"{NAME}.ipynb": WORK}).replace(
        b"PK\x01\x02\x14\x03\x14\x00", b"PK\x01\x02\x14\x03\xff\x00"
    ),
    "names that lead out": lambda: inside({f"../{i}.ipynb": WORK for i in range(3000)}),
    "backslashes that lead out": lambda: inside({f"..\\..\\{i}.ipynb": WORK for i in range(3000)}),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_zip_costs_its_student_alone(tmp_path, kind):
    download = zipped(tmp_path / "d.zip", {f"{ADA}work.zip": HOSTILE[kind](), BEN: WORK})
    done = collected(tmp_path / "course", download)
    assert submitted(tmp_path / "course") == of("502")
    assert done.without == ["501"]
    assert done.remarks
    assert sum(map(len, done.remarks)) < 2000
    assert all(remark.isprintable() for remark in done.remarks)


def test_backslashes_between_folders_are_read_as_windows_means_them(tmp_path):
    download = zipped(tmp_path / "d.zip", {f"{ADA}w.zip": inside({f"work\\{NAME}.ipynb": WORK}), BEN: WORK})
    assert collected(tmp_path / "course", download).remarks == []
    assert submitted(tmp_path / "course") == of("501", "502")


@pytest.mark.parametrize("unpacked", [False, True])
def test_many_bad_files_make_few_lines_and_hide_nobodys(tmp_path, unpacked):
    files = {f"{ADA}{i}\x1b.ipynb": WORK for i in range(300)} | {f"{ADA}w.zip": b"no zip"}
    files |= {f"Cleo_503_assignsubmission_file_/x\x1b{NAME}.ipynb": WORK, BEN: WORK}
    download = zipped(tmp_path / "d.zip", files)
    if unpacked:
        download = tmp_path / "folder"
        for name in files:
            (download / name).parent.mkdir(parents=True, exist_ok=True)
            (download / name).symlink_to(tmp_path / "d.zip")
        (download / BEN).unlink()
        (download / BEN).write_bytes(WORK)
    done = collected(tmp_path / "course", download)
    assert submitted(tmp_path / "course") == of("502")
    assert sum("Cleo" in remark for remark in done.remarks) == 1
    assert sum("501" in remark for remark in done.remarks) <= 2 * MAX_REMARKS + 2


def test_a_zip_of_more_than_16_mb_in_a_folder_is_read_whole(tmp_path):
    folder = tmp_path / "d" / ADA
    folder.mkdir(parents=True)
    big = {"film.mp4": bytes(17 * 2**20), f"{NAME}.ipynb": WORK}
    (folder / "work.zip").write_bytes(inside(big))
    assert collected(tmp_path / "course", tmp_path / "d").written == ["501"]


def test_an_outer_archive_that_cannot_be_read_is_one_line(tmp_path):
    (tmp_path / "d.zip").write_bytes(badly_named(0x800, b"\xff\xfe.ipynb"))
    with pytest.raises(downloads.DownloadError, match="no zip archive that can be read"):
        collected(tmp_path / "course", tmp_path / "d.zip")
    encrypted(zipped(tmp_path / "e.zip", {BEN: WORK}))
    assert collected(tmp_path / "course", tmp_path / "e.zip").without == ["502"]


HEAVY = """
import sys
from pathlib import Path
from autograder.lms.collect import collect


def most():
    # ru_maxrss outlives exec: it would be that of the process that started this one, if it was larger.
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM:")))


before = most()
done = collect(Path(sys.argv[1]), "06-step-2", [Path(sys.argv[2])])
print(most() - before, len(done.written), len(done.without))
"""


def test_twenty_zips_of_64_mb_are_never_in_memory_together(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("film", bytes(downloads.MAX_ARCHIVE - 2**20))
    with zipfile.ZipFile(tmp_path / "d.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for i in range(20):
            archive.writestr(f"{ADA}{i}.zip", buffer.getvalue())
        archive.writestr(BEN, WORK)
    done = subprocess.run(
        [sys.executable, "-c", HEAVY, tmp_path / "course", tmp_path / "d.zip"],
        cwd=Path(__file__).resolve().parents[2],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (60, 60)),
    )
    grown, written, without = map(int, done.stdout.split())
    assert (written, without) == (1, 1)
    # In kB: one archive's bytes, and as many again while zlib hands them over.
    assert grown < 3 * downloads.MAX_ARCHIVE // 1024
    assert MAX_ARCHIVES < 20
