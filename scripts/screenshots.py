"""Take pictures of the main pages, light and dark, large and small, into the folder screenshots/, which git ignores.

Run by hand: `python scripts/screenshots.py`; the folder may be given, and Chromium must be on the PATH.
"""

import shutil
import sys
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests"))

from running import Server  # noqa: E402 # it lies beside the tests

COUNTS = ROOT / "queries" / "competency" / "cq22-studies-of-each-factor.rq"
PAGES = {
    "home": "/",
    "evidence-map": "/map",
    "factor": "/factor/human-resource-management-policies",
    "study": "/work/byrne-2016",
    "sparql": f"/sparql?query={quote(COUNTS.read_text(encoding='utf-8'))}",
}


def main(folder: Path) -> int:
    """Take each picture, and return how many there are.

    Args:
        folder: Where they go.
    """
    folder.mkdir(exist_ok=True)
    taken = 0
    with Server() as server, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            for width in (1280, 390):
                context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
                page = context.new_page()
                for name, path in PAGES.items():
                    page.goto(server.url + path, wait_until="networkidle")
                    page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", full_page=True)
                    taken += 1
                context.close()
        browser.close()
    return taken


if __name__ == "__main__":
    target = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "screenshots"
    sys.stdout.write(f"{main(target)} pictures in {target}\n")
