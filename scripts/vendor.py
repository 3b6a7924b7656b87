"""Fetch the front-end files that the service carries, and write down what they are.

Run by hand (`python scripts/vendor.py`) with npm on the PATH; the result is committed.
"""

import hashlib
import json
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from pathlib import Path

VENDOR = Path(__file__).parents[1] / "src" / "pswonto" / "web" / "static" / "vendor"


def main() -> None:
    """Fetch each package of VENDOR.toml at its version, check its integrity, and copy its listed files."""
    packages = tomllib.loads((VENDOR / "VENDOR.toml").read_text(encoding="utf-8"))
    for name, package in packages.items():
        with tempfile.TemporaryDirectory() as folder:
            command = [
                "npm",
                "pack",
                f"{package.get('package', name)}@{package['version']}",
                "--json",
                "--pack-destination",
                folder,
            ]
            (packed,) = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            if packed["integrity"] != package["integrity"]:
                raise SystemExit(f"{name}: the integrity is {packed['integrity']}, not {package['integrity']}")
            with tarfile.open(Path(folder) / packed["filename"]) as archive:
                archive.extractall(folder, filter="data")
            target = VENDOR / f"{name}-{package['version']}"
            target.mkdir(exist_ok=True)
            for file, digest in package["files"].items():
                shutil.copyfile(Path(folder) / "package" / package.get("folder", "") / file, target / file)
                (target / file).chmod(0o644)
                found = hashlib.sha256((target / file).read_bytes()).hexdigest()
                if found != digest:
                    raise SystemExit(f"{name}/{file}: the SHA-256 is {found}, not {digest}")


if __name__ == "__main__":
    main()
