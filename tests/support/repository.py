"""A repository of the organisation's own: a bare one on disk, in which people write as well, with the real git."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

PERSON = {f"GIT_{role}_{what}": value for role in ("AUTHOR", "COMMITTER")
          for what, value in (("NAME", "Cleo"), ("EMAIL", "cleo@example.com"))}  # fmt: skip


def git(*words: str, given: bytes = b"", env: dict[str, str] | None = None) -> str:
    """Run git as a person does; fails where git does."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    around = outside | PERSON | {"GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_SYSTEM": "/dev/null"} | (env or {})
    done = subprocess.run(["git", *words], input=given, env=around, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode(errors="surrogateescape")


class Repository:
    """A bare repository."""

    def __init__(self, folder: Path, *, branch: str = "main") -> None:
        if shutil.which("git") is None:
            (pytest.fail if os.environ.get("CI") else pytest.skip)("no git on this machine: install it")
        self.folder = folder
        self.branch = branch
        git("init", "--quiet", "--bare", f"--initial-branch={branch}", str(folder))

    def raw(self, path: str) -> bytes:
        """A file of the common branch, as it is."""
        return self._git("cat-file", "blob", f"{self.branch}:{path}").encode(errors="surrogateescape")

    def _git(self, *words: str, given: bytes = b"", env: dict[str, str] | None = None) -> str:
        return git("--git-dir", str(self.folder), *words, given=given, env=env)

    def branches(self) -> list[str]:
        """Names of all branches."""
        return self._git("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads").split()

    def subjects(self, branch: str = "") -> list[str]:
        """First lines of the commits' messages, oldest first."""
        return self._git("log", "--reverse", "--format=%s", branch or self.branch).splitlines()

    def messages(self, branch: str = "") -> str:
        """The commits' whole messages."""
        return self._git("log", "--reverse", "--format=%an <%ae>%n%B", branch or self.branch)

    def files(self, branch: str = "") -> list[str]:
        """Paths of all files."""
        return self._git("ls-tree", "-r", "--name-only", branch or self.branch).splitlines()

    def read(self, path: str, branch: str = "") -> str:
        """A file as it stands now."""
        return self._git("cat-file", "blob", f"{branch or self.branch}:{path}")

    def write(self, path: str, text: str | bytes, *, branch: str = "", subject: str = "By hand") -> None:
        """A person pushes a change of one file."""
        ref, content = f"refs/heads/{branch or self.branch}", text.encode() if isinstance(text, str) else text
        index = {"GIT_INDEX_FILE": str(self.folder / "person-index")}
        parent = self._git("for-each-ref", "--format=%(objectname)", ref).strip()
        self._git("read-tree", *([parent] if parent else ["--empty"]), env=index)
        blob = self._git("hash-object", "-w", "--stdin", given=content).strip()
        self._git("update-index", "--add", "--cacheinfo", f"100644,{blob},{path}", env=index)
        tree = self._git("write-tree", env=index).strip()
        made = self._git("commit-tree", tree, *(("-p", parent) if parent else ()), "-m", subject).strip()
        self._git("update-ref", ref, made)

    def squash(self, branch: str, *, keep: bool = False) -> None:
        """A person merges a branch as one commit of its own, and deletes it unless it is to be kept."""
        tip = self._git("rev-parse", self.branch).strip()
        tree = self._git("merge-tree", "--write-tree", self.branch, branch).split()[0]
        made = self._git("commit-tree", tree, "-p", tip, "-m", f"Merge {branch} (#7)").strip()
        self._git("update-ref", f"refs/heads/{self.branch}", made)
        if not keep:
            self._git("update-ref", "-d", f"refs/heads/{branch}")

    def outrun(self, times: int, path: str, line: str) -> None:
        """The next pushes come too late: each time a person's own line is in the branch just before."""
        left = self.folder / "left"
        left.write_text(str(times))
        self.hook("pre-receive", f"""
            unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
            left=$(cat {left}); [ "$left" = 0 ] && exit 0; echo $((left - 1)) > {left}
            export GIT_INDEX_FILE={self.folder}/person-index GIT_AUTHOR_NAME=Cleo GIT_AUTHOR_EMAIL=cleo@example.com
            export GIT_COMMITTER_NAME=Cleo GIT_COMMITTER_EMAIL=cleo@example.com
            git read-tree {self.branch}
            blob=$( (git cat-file blob {self.branch}:{path} 2>/dev/null; echo "{line}") | git hash-object -w --stdin)
            git update-index --add --cacheinfo 100644,$blob,{path}
            git update-ref refs/heads/{self.branch} \
                $(git commit-tree $(git write-tree) -p {self.branch} -m Outrun)
        """)  # fmt: skip

    def hook(self, name: str, script: str) -> None:
        """Let the repository run a script, as forges do."""
        file = self.folder / "hooks" / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o755)
