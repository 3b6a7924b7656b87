"""Tests of the pictures of the pages."""

import subprocess
import sys
from pathlib import Path


def test_one_command_takes_all_pictures(root: Path, tmp_path: Path) -> None:
    """Each page is there in light and dark, large and small, in a folder that git ignores unless another is given."""
    script = root / "scripts" / "screenshots.py"
    told = subprocess.run([sys.executable, script, tmp_path], capture_output=True, text=True, check=True).stdout
    assert told == f"20 pictures in {tmp_path}\n"
    assert len(list(tmp_path.glob("*.png"))) == 20
    assert "/screenshots/" in (root / ".gitignore").read_text(encoding="utf-8").splitlines()
