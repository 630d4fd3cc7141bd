"""PostgreSQL refuses to run as root. As root, run it in a user namespace, else as `nobody` from a readable copy."""

import ctypes
import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from processes import LINUX, libc

CLONE_NEWUSER = 0x10000000


@dataclass
class Quarters:
    """Where PostgreSQL's programs and data are, and whom its processes become."""

    programs: Path
    data: Path
    become: Callable[[], None] | None = None
    owner: pwd.struct_passwd | None = None

    def hand_over(self, path: Path) -> None:
        """Let the account PostgreSQL runs as read this file."""
        if self.owner:
            os.chown(path, self.owner.pw_uid, self.owner.pw_gid)


def quarters(package: Path, data: Path, name: str) -> Quarters:
    """For PostgreSQL from this package: ordinary users run it as they are; root steps down."""
    programs = Path("pginstall") / "bin"
    if os.geteuid() != 0:
        return Quarters(package / programs, data)
    if LINUX and namespace_possible():
        return Quarters(package / programs, data, become=enter_namespace)
    owner = pwd.getpwnam("nobody")
    home = readable_copy(package, owner, Path("/var/tmp") / f"petitions-postgres-{name}")

    def step_down():
        os.setgroups([])
        os.setgid(owner.pw_gid)
        os.setuid(owner.pw_uid)

    return Quarters(home / package.name / programs, home / "data" / "pgdata", step_down, owner)


def enter_namespace() -> None:
    """Become user 1 of a namespace of one's own; to the outside the files stay root's."""
    user, group = os.getuid(), os.getgid()
    if libc.unshare(CLONE_NEWUSER):
        raise OSError(ctypes.get_errno(), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"1 {user} 1")
    Path("/proc/self/gid_map").write_text(f"1 {group} 1")


def namespace_possible() -> bool:
    """Some containers and every chroot forbid user namespaces: try one."""
    try:
        return subprocess.run(["true"], preexec_fn=enter_namespace, check=False).returncode == 0
    except (OSError, subprocess.SubprocessError):
        return False


def readable_copy(package: Path, owner: pwd.struct_passwd, home: Path) -> Path:
    """The package and its libraries where another account may read them, with a folder for its data."""
    if not (home / "data").exists():
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        for folder in (package, package.with_name(package.name + ".libs")):
            if folder.exists():
                shutil.copytree(folder, home / folder.name)
        subprocess.run(["chmod", "-R", "a+rX", home], check=True)
        home.chmod(0o711)
        (home / "data").mkdir(mode=0o700)
        os.chown(home / "data", owner.pw_uid, owner.pw_gid)
    return home
