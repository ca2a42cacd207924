"""The writer: old or new, whole; nothing of anybody else's is ever lost."""

from __future__ import annotations

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from learnpath import exchange, write
from learnpath.contents import write_new
from learnpath.filenames import MANIFEST_NAME
from learnpath.write import OutputError, Written, read_manifest, write_site
from support import ROOT, files_in

OLD = {"index.html": b"old", "a/b.html": b"same", "gone.html": b"gone", "deep/er/x.html": b"x"}
NEW = {"index.html": b"new", "a/b.html": b"same", "a/c.html": b"added"}

Files = dict[str, bytes]


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def put(
    site: Path,
    files: Files,
    *,
    force: bool = False,
    clean: bool = False,
    spare: Path | None = None,
) -> Written:
    return write_site(site, iter(files.items()), force=force, clean=clean, spare=spare)


def shown(site: Path) -> Files:
    """The site's files without its manifest."""
    return {name: data for name, data in files_in(site).items() if name != MANIFEST_NAME}


def without_exchange(monkeypatch: pytest.MonkeyPatch) -> None:
    """A system that cannot swap two folders."""
    monkeypatch.setattr(exchange, "_rename_exchange", lambda one, other: False)


def mounted(monkeypatch: pytest.MonkeyPatch) -> None:
    """An output folder that cannot be renamed: the journalled way is taken."""
    monkeypatch.setattr(os.path, "ismount", lambda path: True)


def nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """This system as it is."""


WAYS = pytest.mark.parametrize(
    "way", [nothing, without_exchange, mounted], ids=["exchange", "two renames", "journal"]
)
Way = Callable[[pytest.MonkeyPatch], None]


@WAYS
def test_a_site_holds_exactly_its_files(
    way: Way, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second build changes, adds and removes; counts are of files whose bytes changed."""
    way(monkeypatch)
    assert put(site, OLD) == Written(4, 0, 0)
    assert shown(site) == OLD
    assert put(site, NEW) == Written(2, 1, 2)
    assert shown(site) == NEW
    assert set(read_manifest(site)) == set(NEW)
    assert not (site / "deep").exists(), "empty folders go with their files"


@WAYS
def test_nothing_is_written_when_nothing_changed(
    way: Way, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same files again leave each file as it is, times and inodes, the manifest's too."""
    way(monkeypatch)
    put(site, OLD)
    files = [path for path in site.rglob("*") if path.is_file()]
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in files}
    assert put(site, OLD) == Written(0, 4, 0)
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in before} == before
    assert [p.name for p in site.parent.iterdir()] == ["site"]


@WAYS
def test_nothing_is_left_beside_the_site(
    way: Way, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No staging folder, journal or old site stays behind."""
    way(monkeypatch)
    put(site, OLD)
    put(site, NEW)
    assert [p.name for p in site.parent.iterdir()] == ["site"]
    assert set(files_in(site)) == {*NEW, MANIFEST_NAME}


@WAYS
def test_a_file_altered_by_hand_is_mended(
    way: Way, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What somebody changed or removed in the site comes back."""
    way(monkeypatch)
    put(site, OLD)
    (site / "a" / "b.html").write_bytes(b"altered")
    (site / "gone.html").unlink()
    put(site, OLD)
    assert shown(site) == OLD


@WAYS
def test_clean_writes_everything_anew(
    way: Way, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """--clean counts every file as written, and what an earlier build wrote still goes."""
    way(monkeypatch)
    put(site, OLD)
    assert put(site, NEW, clean=True).written == len(NEW)
    assert shown(site) == NEW


@WAYS
def test_a_file_takes_a_folder_s_place_and_back(
    way: Way, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`a/b` may become `a`, and `a` become `a/b`."""
    way(monkeypatch)
    put(site, {"a/b": b"1"})
    put(site, {"a": b"2"})
    assert shown(site) == {"a": b"2"}
    put(site, {"a/b/c": b"3"})
    assert shown(site) == {"a/b/c": b"3"}


# Somebody else's files


def test_a_folder_of_foreign_files_is_refused(site: Path) -> None:
    """The message names one of the files, and what to do; nothing is touched."""
    site.mkdir()
    (site / "thesis.txt").write_text("years of work")
    with pytest.raises(OutputError, match=r"thesis\.txt.*--force"):
        put(site, NEW)
    assert files_in(site) == {"thesis.txt": b"years of work"}


def test_an_empty_folder_is_taken(site: Path) -> None:
    """A folder that was made for the site is no obstacle."""
    site.mkdir()
    put(site, NEW)
    assert shown(site) == NEW


def test_a_file_in_the_way_is_refused(site: Path) -> None:
    """A file is never replaced by a folder, force or not."""
    site.write_bytes(b"precious")
    for force in (False, True):
        with pytest.raises(OutputError):
            put(site, NEW, force=force)
    assert site.read_bytes() == b"precious"


def test_forced_foreign_files_stay_for_ever(site: Path) -> None:
    """With --force others' files stay, through every later build, with --clean, too."""
    site.mkdir()
    (site / "notes").mkdir()
    (site / "notes" / "mine.txt").write_bytes(b"mine")
    put(site, OLD, force=True)
    assert shown(site) == {**OLD, "notes/mine.txt": b"mine"}
    for clean in (False, True):
        put(site, NEW, clean=clean)
        assert shown(site) == {**NEW, "notes/mine.txt": b"mine"}


def test_a_file_put_into_a_site_stays(site: Path) -> None:
    """A CNAME or .git that was added to the site by hand outlives every build."""
    put(site, OLD)
    (site / "CNAME").write_bytes(b"example.org")
    (site / ".git").mkdir()
    (site / ".git" / "HEAD").write_bytes(b"ref")
    put(site, NEW)
    assert shown(site) == {**NEW, "CNAME": b"example.org", ".git/HEAD": b"ref"}


def test_an_empty_folder_in_a_site_stays(site: Path) -> None:
    """An empty folder of somebody's own, such as a mount point, is no file but stays, too."""
    put(site, OLD)
    (site / "mine").mkdir()
    put(site, NEW)
    assert (site / "mine").is_dir()


def test_a_foreign_file_in_the_place_of_a_new_one_is_not_overwritten(site: Path) -> None:
    """Where the site would write over somebody's file, it is refused, and names the file."""
    put(site, OLD)
    (site / "a" / "c.html").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"a/c\.html"):
        put(site, NEW)
    assert (site / "a" / "c.html").read_bytes() == b"mine"


def test_a_forced_build_does_not_overwrite_either(site: Path) -> None:
    """--force writes beside others' files, never over them: a clash is refused before anything
    is written, and names the file."""
    site.mkdir()
    (site / "index.html").write_bytes(b"mine")
    with pytest.raises(OutputError, match=r"index\.html"):
        put(site, NEW, force=True)
    assert files_in(site) == {"index.html": b"mine"}


def test_a_linked_folder_in_a_site_stays(site: Path, tmp_path: Path) -> None:
    """A symbolic link to a folder, put into the site by hand, stays, and so does its target."""
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "x.jpg").write_bytes(b"x")
    put(site, OLD)
    (site / "photos").symlink_to(tmp_path / "photos", target_is_directory=True)
    put(site, NEW)
    assert (site / "photos").is_symlink()
    assert (tmp_path / "photos" / "x.jpg").read_bytes() == b"x"


def test_a_folder_in_a_removed_file_s_place_stays(site: Path) -> None:
    """Where somebody put a folder of their own in the place of a file of ours, builds go on."""
    put(site, OLD)
    (site / "gone.html").unlink()
    (site / "gone.html").mkdir()
    (site / "gone.html" / "mine.txt").write_bytes(b"mine")
    for _ in range(2):
        put(site, NEW)
        assert shown(site) == {**NEW, "gone.html/mine.txt": b"mine"}


def test_only_what_a_manifest_lists_is_removed(site: Path) -> None:
    """A file that looks like ours but is not in the manifest stays."""
    put(site, OLD)
    (site / "old.html").write_bytes(b"not ours")
    put(site, NEW)
    assert (site / "old.html").read_bytes() == b"not ours"


@pytest.mark.parametrize(
    "manifest",
    [b"", b"{", b"[]", b'{"version": 1}', b'{"files": []}', b"\xff\xfe"],
)
def test_a_damaged_manifest_loses_nothing(manifest: bytes, site: Path) -> None:
    """Where the manifest cannot be read, every file counts as somebody's, and none is lost."""
    put(site, OLD)
    (site / MANIFEST_NAME).write_bytes(manifest)
    with pytest.raises(OutputError):
        put(site, NEW)
    assert shown(site) == OLD
    put(site, NEW, force=True)
    assert {name: shown(site)[name] for name in NEW} == NEW


@pytest.mark.parametrize("name", ["../outside.txt", "a/../../outside.txt"])
def test_a_manifest_that_names_files_outside_removes_none(name: str, site: Path) -> None:
    """A manifest from somewhere else cannot make a build remove what is not in the site."""
    put(site, OLD)
    outside = site.parent / "outside.txt"
    outside.write_bytes(b"precious")
    (site / "mine.txt").write_bytes(b"so that files are replaced in place")
    listed = {"version": 1, "files": {**read_manifest(site), name: "0", str(outside): "0"}}
    (site / MANIFEST_NAME).write_text(json.dumps(listed))
    put(site, NEW)
    assert outside.read_bytes() == b"precious"


def test_a_linked_output_stays_a_link(site: Path, tmp_path: Path) -> None:
    """A symbolic link as the output is written through, not replaced."""
    real = tmp_path / "real"
    real.mkdir()
    site.symlink_to(real, target_is_directory=True)
    put(site, OLD)
    put(site, NEW)
    assert site.is_symlink()
    assert shown(real) == NEW


def test_a_relative_output_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`-o site` and `-o .` in an empty folder both write there."""
    monkeypatch.chdir(tmp_path)
    put(Path("site"), NEW)
    assert shown(tmp_path / "site") == NEW


def test_files_may_be_copied_from_disk(site: Path, tmp_path: Path) -> None:
    """A path in the place of bytes is read when it is written."""
    (tmp_path / "photo.jpg").write_bytes(b"photo")
    write_site(site, [("assets/photo.jpg", tmp_path / "photo.jpg")], force=False)
    assert shown(site) == {"assets/photo.jpg": b"photo"}


# What goes wrong


@WAYS
def test_an_error_while_rendering_leaves_the_old_site(
    way: Way, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files are made while they are written: where that fails, the old site stands, whole."""
    way(monkeypatch)
    put(site, OLD)

    def failing() -> Iterator[tuple[str, bytes | Path]]:
        yield "index.html", b"new"
        raise RuntimeError

    with pytest.raises(RuntimeError):
        write_site(site, failing(), force=False)
    assert shown(site) == OLD
    put(site, NEW)
    assert shown(site) == NEW
    assert [p.name for p in site.parent.iterdir()] == ["site"]


@WAYS
def test_a_full_disk_leaves_the_old_site(
    way: Way, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error of the disk is told with the file's name, and the old site stands, whole."""
    way(monkeypatch)
    put(site, OLD)
    honest = write_new

    def full(path: str, data: bytes) -> None:
        if data == b"added":
            raise OSError(28, "No space left on device", path)
        honest(path, data)

    for module in (exchange, write):
        monkeypatch.setattr(module, "write_new", full)
    with pytest.raises(OutputError, match="No space left"):
        put(site, NEW)
    assert shown(site) == OLD


def test_links_that_cannot_be_made_are_copies(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where hard links are not to be had, unchanged files are written."""
    put(site, OLD)

    def refused(*_: object, **__: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    put(site, NEW)
    assert shown(site) == NEW


def test_without_renameat2_two_renames_do(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A C library without renameat2 is no obstacle."""
    import ctypes

    class NoSuchCall:
        def __getattr__(self, name: str) -> object:
            raise AttributeError(name)

    monkeypatch.setattr(ctypes, "CDLL", lambda *_, **__: NoSuchCall())
    put(site, OLD)
    put(site, NEW)
    assert shown(site) == NEW


@pytest.mark.parametrize("platform", ["win32", "darwin"])
def test_other_systems_take_two_renames(
    platform: str, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only Linux is asked for an exchange."""
    monkeypatch.setattr(sys, "platform", platform)
    put(site, OLD)
    put(site, NEW)
    assert shown(site) == NEW


EXCHANGES = pytest.mark.parametrize(
    "way", [nothing, without_exchange], ids=["exchange", "two renames"]
)


def grown(site: Path, spare: Path) -> None:
    """A site of two builds, and beside it the one before the last as a spare."""
    put(site, OLD | {"big.html": b"big", "a/d.html": b"d"}, spare=spare)
    put(site, OLD | {"big.html": b"grown", "a/d.html": b"d"}, spare=spare)
    assert spare.is_dir()


def links_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are linked from now on."""
    made: list[str] = []
    honest = os.link

    def link(old: str, new: str) -> None:
        made.append(Path(new).name)
        honest(old, new)

    monkeypatch.setattr(os, "link", link)
    return made


@EXCHANGES
def test_a_spare_site_saves_the_linking(
    way: Way, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only what the site before the last one had otherwise is linked, and nothing that is the
    same is made anew."""
    way(monkeypatch)
    spare = tmp_path / "kept" / "spare"
    spare.parent.mkdir()
    files = {f"{at % 5}/{at}.html": b"%d" % at for at in range(100)}
    put(site, files, spare=spare)
    put(site, files | {"1/1.html": b"second"}, spare=spare)
    made = links_made(monkeypatch)
    third = files | {"1/1.html": b"second", "2/2.html": b"third"}
    assert put(site, third, spare=spare) == Written(1, 99, 0)
    assert made == ["1.html"]
    assert shown(site) == third
    assert put(site, third, spare=spare) == Written(0, 100, 0)
    assert made == ["1.html", "2.html"]
    assert shown(site) == third


@EXCHANGES
@pytest.mark.parametrize("harm", ["gone", "altered", "added", "linked away", "a folder", "a file"])
def test_a_spare_site_is_never_trusted(
    harm: str, way: Way, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever became of it, the site is right, and what is shared with it stays as it is."""
    way(monkeypatch)
    spare, far = tmp_path / "spare", tmp_path / "far"
    grown(site, spare)
    far.mkdir()
    (far / "mine.txt").write_bytes(b"mine")
    page, folder = spare / "a" / "b.html", spare / "deep"
    if harm == "gone":
        page.unlink()
    elif harm == "altered":
        page.unlink()
        page.write_bytes(b"SAME")
    elif harm == "added":
        (spare / "a" / "stray.html").write_bytes(b"stray")
        (spare / "stray" / "empty").mkdir(parents=True)
    elif harm == "linked away":
        shutil.rmtree(folder)
        folder.symlink_to(far)
    elif harm == "a folder":
        page.unlink()
        (page / "inner").mkdir(parents=True)
        (page / "inner" / "x").write_bytes(b"x")
    else:
        shutil.rmtree(folder)
        folder.write_bytes(b"file")
    now = OLD | {"big.html": b"third", "a/d.html": b"d"}
    put(site, now, spare=spare)
    assert shown(site) == now
    assert not (site / "stray").exists()
    assert (far / "mine.txt").read_bytes() == b"mine"


def test_a_spare_site_that_is_a_link_is_not_followed(site: Path, tmp_path: Path) -> None:
    """Nothing is removed from a folder that the spare one was made to point at."""
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "letter.txt").write_bytes(b"mine")
    (tmp_path / "spare").symlink_to(mine)
    put(site, OLD)
    put(site, NEW, spare=tmp_path / "spare")
    assert shown(site) == NEW
    assert files_in(mine) == {"letter.txt": b"mine"}


def test_a_spare_site_on_another_disk_is_left_alone(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder cannot be moved between disks: then the site is made without it."""
    spare = tmp_path / "spare"
    grown(site, spare)
    honest = os.rename

    def rename(old: Path, new: Path) -> None:
        if spare in (Path(old), Path(new)):
            raise OSError(18, "Invalid cross-device link")
        honest(old, new)

    monkeypatch.setattr(os, "rename", rename)
    put(site, NEW, spare=spare)
    assert shown(site) == NEW
    assert {p.name for p in tmp_path.iterdir()} == {"site", "spare"}


@EXCHANGES
@pytest.mark.parametrize("what", ["a page", "a folder"])
def test_a_disk_that_does_not_tell_letters_apart_gets_the_new_name(
    what: str, way: Way, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page or folder in other letters than in the spare site: as macOS and Windows see it, it
    is there already. Here a disk that refuses such a name stands for theirs."""
    way(monkeypatch)
    spare = tmp_path / "spare"
    grown(site, spare)
    honest_open, honest_mkdir = os.open, os.mkdir

    def refuse(path: Any) -> None:
        folder, name = os.path.split(os.fspath(path))
        if os.path.isdir(folder) and name.lower() in map(str.lower, os.listdir(folder)):
            raise FileExistsError(17, "File exists", path)

    def opened(path: Any, flags: int, *rest: Any, **options: Any) -> int:
        if flags & os.O_EXCL:
            refuse(path)
        return honest_open(path, flags, *rest, **options)

    def made(path: Any, *rest: Any, **options: Any) -> None:
        if os.fspath(path).endswith(("A", "a")):
            refuse(path)
        honest_mkdir(path, *rest, **options)

    monkeypatch.setattr(os, "open", opened)
    monkeypatch.setattr(os, "mkdir", made)
    now = {n: d for n, d in OLD.items() if n != "a/b.html"}
    now |= {"big.html": b"third", "deep/2.html": b"2"}
    now |= {"a/B.html": b"same"} if what == "a page" else {"A/b.html": b"same"}
    put(site, now, spare=spare)
    assert shown(site) == now
    assert {p.name for p in tmp_path.iterdir()} <= {"site", "spare"}


def test_a_spare_site_that_cannot_be_tidied_is_left_out(
    site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file in it that cannot be removed, a folder that cannot be read: the site is made."""
    spare = tmp_path / "spare"
    for name in ("unlink", "scandir"):
        grown(site, spare)
        (spare / "a" / "stray.html").write_bytes(b"stray")
        honest = getattr(os, name)

        def refuse(path: Any, *rest: Any, honest: Any = honest, **options: Any) -> Any:
            text = "" if isinstance(path, int) else os.fspath(path)
            if "stray" in text or text.endswith("learnpath-new/a/"):
                raise PermissionError(13, "Permission denied", path)
            return honest(path, *rest, **options)

        with monkeypatch.context() as patch:
            patch.setattr(os, name, refuse)
            put(site, OLD | {"big.html": b"third"}, spare=spare)
        assert shown(site) == OLD | {"big.html": b"third"}
        put(site, NEW, spare=spare)
        assert shown(site) == NEW
        assert not list(tmp_path.glob(".site*"))


def test_a_folder_in_the_place_of_the_spare_site_is_left_alone(site: Path, tmp_path: Path) -> None:
    """A folder without a list of files is no site: it is somebody's."""
    spare = tmp_path / "spare"
    spare.mkdir()
    (spare / "letter.txt").write_bytes(b"mine")
    put(site, OLD, spare=spare)
    put(site, OLD | {"index.html": b"second"}, spare=spare)
    assert files_in(spare) == {"letter.txt": b"mine"}


def test_a_site_that_lies_where_the_spare_one_would_is_never_away(
    site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is exchanged like any other: a kill in the middle leaves the old site there."""
    put(site, OLD, spare=site)
    with monkeypatch.context() as dying:
        dying.setattr(exchange, "write_new", _dying(0)(write_new))
        with contextlib.suppress(Killed):
            put(site, NEW, spare=site)
    assert shown(site) == OLD
    put(site, NEW, spare=site)
    assert shown(site) == NEW


@EXCHANGES
def test_no_spare_site_is_kept_where_it_saves_nothing(
    way: Way, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not of a site that shares less than half, not after a clean build, not without links."""
    way(monkeypatch)
    spare = tmp_path / "spare"
    grown(site, spare)
    put(site, NEW, spare=spare)
    assert not spare.exists()
    grown(site, spare)
    put(site, shown(site), spare=spare, clean=True)
    assert not spare.exists()

    def refused(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refused)
    put(site, shown(site) | {"big.html": b"again"}, spare=spare)
    assert not spare.exists()


@EXCHANGES
def test_any_course_of_sites_with_a_spare_comes_out_right(
    way: Way, site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Files and folders that come, go and take each other's place: each site is as it was asked."""
    way(monkeypatch)
    chance = random.Random(5)
    names = ("a", "a/b", "a/b/c", "d", "d/e", "f/g", "h", "i/j/k", "i/l")
    for step in range(150):
        chosen: dict[str, bytes] = {"index.html": b"always", "more.html": b"%d" % (step // 4)}
        for name in chance.sample(names, len(names)):
            clash = any(n.startswith(f"{name}/") or name.startswith(f"{n}/") for n in chosen)
            if chance.random() < 0.7 and not clash:
                chosen[name] = b"%d" % chance.choice((1, 1, 1, step))
        put(site, chosen, spare=tmp_path / "spare")
        assert shown(site) == chosen
        folders = {p for p in site.rglob("*") if p.is_dir()}
        assert all(any(p.is_file() for p in folder.rglob("*")) for folder in folders)


class Killed(BaseException):
    """Stands for a kill: nothing may catch it and tidy up."""


_STEPS = ("mkdir", "rename", "replace", "link", "unlink", "rmdir")


@WAYS
@pytest.mark.parametrize("at", range(1, 15))
@pytest.mark.parametrize("spared", [False, True], ids=["alone", "with a spare"])
def test_a_kill_at_any_step_heals(
    spared: bool, at: int, way: Way, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after any step on the disk, the next build finds the old site or the new one and
    goes on; between the two renames alone a reader may find no site."""
    way(monkeypatch)
    site = tmp_path / "out" / "site"
    spare = tmp_path / "spare" if spared else None
    put(site, OLD | {"index.html": b"older"}, spare=spare)
    put(site, OLD, spare=spare)
    with monkeypatch.context() as dying:
        dies = _dying(at)
        for name in _STEPS:
            dying.setattr(os, name, dies(getattr(os, name)))
        for module in (exchange, write):
            dying.setattr(module, "write_new", dies(write_new))
        dying.setattr(Path, "unlink", dies(Path.unlink))
        with contextlib.suppress(Killed):
            put(site, NEW, spare=spare)
    if site.exists() and way is not mounted:
        assert shown(site) in (OLD, NEW)
    put(site, NEW, spare=spare)
    assert shown(site) == NEW
    assert [p.name for p in site.parent.iterdir()] == ["site"]
    assert set(files_in(site)) == {*NEW, MANIFEST_NAME}


def _dying(at: int) -> Callable[[Callable[..., object]], Callable[..., object]]:
    done = 0

    def dies(step: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*arguments: object, **options: object) -> object:
            nonlocal done
            if done >= at:
                raise Killed
            result = step(*arguments, **options)
            done += 1
            return result

        return wrapped

    return dies


_LOOP = """
    import sys
    from pathlib import Path
    from learnpath.write import write_site
    site, n = Path(sys.argv[1]), 0
    print("begun", flush=True)
    while True:
        n += 1
        files = [(f"{i % 7}/{i}.html", b"%d" % (n % 2)) for i in range(60 + n % 2)]
        write_site(site, files, force=False)
"""


def test_a_kill_leaves_one_whole_site(site: Path) -> None:
    """kill -9 in the middle of builds, twelve times: every file is of one and the same build."""
    chance = random.Random(3)
    for _ in range(12):
        process = subprocess.Popen(
            [sys.executable, "-c", textwrap.dedent(_LOOP), str(site)],
            cwd=ROOT, stdout=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None
        process.stdout.readline()
        time.sleep(0.02 + chance.random() * 0.05)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        if site.exists():
            files = shown(site)
            builds = set(files.values())
            assert len(builds) == 1
            assert len(files) == 60 + int(builds.pop())
    put(site, NEW)
    assert shown(site) == NEW
    assert [p.name for p in site.parent.iterdir()] == ["site"]


def test_two_builds_into_one_folder_come_one_after_the_other(tmp_path: Path) -> None:
    """The second waits until the first is done; the site is whole, and the second one's."""
    site = tmp_path / "site"
    begun, go_on = threading.Event(), threading.Event()
    asked: list[str] = []

    def first() -> Iterator[tuple[str, bytes]]:
        yield "a.html", b"first"
        begun.set()
        assert go_on.wait(10)
        asked.append("first")
        yield "b.html", b"first"

    def second() -> Iterator[tuple[str, bytes]]:
        asked.append("second")
        yield "a.html", b"second"
        yield "c.html", b"second"

    builds = [
        threading.Thread(target=write_site, args=(site, files()), kwargs={"force": False})
        for files in (first, second)
    ]
    builds[0].start()
    assert begun.wait(10)
    builds[1].start()
    time.sleep(0.2)
    assert asked == []
    go_on.set()
    for build in builds:
        build.join(10)
    assert asked == ["first", "second"]
    assert {path.name: path.read_bytes() for path in site.glob("*.html")} == {
        "a.html": b"second",
        "c.html": b"second",
    }
