"""Tests of what FastAPI answers, as one."""

import subprocess
import sys

from fastapi.testclient import TestClient


def test_queries_need_no_framework() -> None:
    """What answers queries is imported without FastAPI and Pydantic, which would keep them waiting."""
    code = "import sys, pswonto.web, pswonto.web.server; print(*{'fastapi', 'pydantic'} & set(sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "\n"


def test_the_first_request_may_be_for_anything(client: TestClient) -> None:
    """Pages, REST, files and faults are there as soon as somebody asks."""
    for path, status in (("/", 200), ("/api/v1/levels", 200), ("/static/pswonto.css", 200), ("/none", 404)):
        assert client.get(path).status_code == status
