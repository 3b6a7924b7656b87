"""Tests of the files for those who run the service, as far as no engine for images and no running systemd is needed."""

import configparser
import gzip
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import requires
from pathlib import Path
from urllib.parse import quote

import click
import pytest
from packaging.requirements import Requirement

from pswonto import __version__
from pswonto.cli import main
from pswonto.settings import Settings, from_environment
from running import PAGES, Server

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
CONTAINERFILE = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
UNIT = (DEPLOY / "pswonto.service").read_text(encoding="utf-8")
NGINX = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
PAGE = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
SIZES = {"k": 1 << 10, "m": 1 << 20, "G": 1 << 30}


def needed(program: str) -> str:
    """Return the path of a program, without which the test is skipped."""
    path = shutil.which(program)
    if path is None:
        pytest.skip(f"{program} is not installed")
    return path


def size(text: str) -> int:
    """Return a size in bytes."""
    return int(text[:-1]) * SIZES[text[-1]]


def instructions() -> list[tuple[str, str]]:
    """Return the instructions of the Containerfile, each with its argument."""
    lines = [line for line in CONTAINERFILE.splitlines() if line and not line.startswith("#")]
    whole = "\n".join(lines).replace("\\\n", "")
    return [
        (name, " ".join(argument.split())) for name, _, argument in (line.partition(" ") for line in whole.splitlines())
    ]


def told(kind: str) -> list[str]:
    """Return the arguments of all instructions of a kind."""
    return [argument for name, argument in instructions() if name == kind]


def variables(text: str) -> dict[str, str]:
    """Return the settings of ours that are set in a text."""
    return {name: value for name, value in re.findall(r"(PSWONTO_\w+)=(\S+)", text) if value != "\\"}


def test_the_image_is_made_of_what_there_is() -> None:
    """Both stages are of one pinned version, all that is copied exists, and the version is that of the package."""
    assert [argument.split()[0] for argument in told("FROM")] == ["docker.io/library/python:${PYTHON}"] * 2
    pinned, again, version = told("ARG")
    assert re.fullmatch(r"PYTHON=3\.11\.\d+-slim-\w+", pinned)
    assert (again, version) == ("PYTHON", f"VERSION={__version__}")
    copied = [path for argument in told("COPY") if not argument.startswith("--from") for path in argument.split()[:-1]]
    assert len(copied) == 8
    for path in copied:
        assert (ROOT / path).exists(), path
    included = set(re.findall(r'^(\w+) = "pswonto/data/', (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE))
    assert included | {"src"} <= {path.strip("/") for path in copied}


def test_the_image_runs_the_service_without_rights() -> None:
    """The last stage ends as a user that is a number and not root, with our command and the port that it tells."""
    kinds = [name for name, _ in instructions()]
    assert kinds.count("USER") == 1
    assert kinds.index("USER") > len(kinds) - kinds[::-1].index("FROM") - 1
    user, group = told("USER")[0].split(":")
    assert int(user) > 0
    assert int(group) > 0
    command = [*json.loads(told("ENTRYPOINT")[0]), *json.loads(told("CMD")[0])]
    assert command == ["pswonto", "serve"]
    settings = from_environment(variables(told("ENV")[0]))
    assert (settings.host, settings.port, told("EXPOSE")) == ("0.0.0.0", Settings().port, ["8000"])
    labels = dict(re.findall(r'org\.opencontainers\.image\.(\w+)="([^"]+)"', told("LABEL")[0]))
    assert labels["licenses"] in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


def test_the_health_check_tells_health_from_its_absence() -> None:
    """It succeeds where the service is ready, and fails where nobody answers."""
    command = json.loads(told("HEALTHCHECK")[0].partition("CMD ")[2])
    assert command[0] == "python"
    with Server() as server:
        environment = {**os.environ, "PSWONTO_PORT": str(server.port)}
        checked = subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True)
        assert checked.returncode == 0
    checked = subprocess.run([sys.executable, *command[1:]], env=environment, capture_output=True)
    assert checked.returncode == 1


def test_the_image_has_versions_that_the_package_takes() -> None:
    """Each of our own dependencies is pinned once, to a version that pyproject.toml allows."""
    text = (DEPLOY / "constraints.txt").read_text(encoding="utf-8")
    pins = re.findall(r"^([\w.-]+)==(\S+)$", text, re.MULTILINE)
    versions = {name.lower().replace("_", "-"): version for name, version in pins}
    assert len(versions) == len(pins)
    ours = [Requirement(text) for text in requires("pswonto") or [] if "extra ==" not in text]
    assert len(ours) > 9
    for dependency in ours:
        assert dependency.specifier.contains(versions[dependency.name.replace("_", "-")]), dependency


@pytest.fixture
def unit() -> configparser.SectionProxy:
    """Return what the unit says of the service; of what it says twice, the last."""
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]  # names of systemd have capitals
    parser.read_string(UNIT)
    return parser["Service"]


def test_the_unit_runs_our_command_with_our_settings(unit: Mapping[str, str]) -> None:
    """The command is there, each variable is a setting, and the service listens for the proxy of this machine only."""
    path, name = unit["ExecStart"].split()
    assert Path(path).name == "pswonto"
    assert name in main.list_commands(click.Context(main))
    settings = from_environment(variables(unit["Environment"]))
    assert (settings.host, settings.port) == (Settings().host, Settings().port)
    assert (unit["DynamicUser"], unit["ProtectSystem"], unit["NoNewPrivileges"]) == ("yes", "strict", "yes")


def test_the_image_and_the_unit_have_large_pages_of_memory(unit: Mapping[str, str]) -> None:
    """Both say so in one way, which the library that hands out memory knows."""
    (tunable,) = re.findall(r"GLIBC_TUNABLES=(\S+)", unit["Environment"])
    assert f"GLIBC_TUNABLES={tunable} " in told("ENV")[0]
    name, _, value = tunable.partition("=")
    loader = next(Path("/").glob("lib*/ld-linux*.so.*"))
    known = subprocess.run([loader, "--list-tunables"], capture_output=True, text=True, check=True).stdout
    (least, most) = re.findall(rf"^{re.escape(name)}: .*min: (\w+), max: (\w+)", known, re.MULTILINE)[0]
    assert int(least, 16) < int(value) <= int(most, 16)


def test_the_unit_leaves_as_much_memory_as_queries_may_take(unit: Mapping[str, str]) -> None:
    """All workers at their limits fit beside the service, and it has time to end them."""
    settings = from_environment(variables(unit["Environment"]))
    assert settings.query_workers * settings.query_memory + 500_000_000 < size(unit["MemoryMax"])
    assert unit["OOMPolicy"] == "continue"
    assert int(unit["TimeoutStopSec"]) > 2 * settings.shutdown_seconds


def test_systemd_takes_the_unit_and_calls_it_safe(tmp_path: Path) -> None:
    """`systemd-analyze` finds no fault, and an exposure of no more than 1.5 of 10."""
    analyze = needed("systemd-analyze")
    file = tmp_path / "pswonto.service"
    command = tmp_path / "pswonto"
    command.write_text("#!/bin/sh\n", encoding="utf-8")
    command.chmod(0o755)
    file.write_text(UNIT.replace("/opt/pswonto/bin/pswonto", str(command)), encoding="utf-8")
    verified = subprocess.run([analyze, "verify", "--man=no", str(file)], capture_output=True, text=True)
    assert (verified.returncode, verified.stderr) == (0, "")
    options = ["security", "--offline=true", "--threshold=15", "--no-pager", str(file)]
    judged = subprocess.run([analyze, *options], capture_output=True, text=True)
    assert judged.returncode == 0, judged.stdout


# What the mounts of a read-only image and the user of the Containerfile come to. The right to read everything stands in
# for an interpreter that everyone may read; there is no right to write anything.
READ_ONLY = """
set -e
mount --make-rprivate /
mount -t tmpfs -o mode=1777,nosuid,nodev,noexec tmpfs "$1"
for path in $(findmnt -rno TARGET | grep -Ev "^(/proc|/sys|/dev|$1)(/|$)"); do
  mount -o remount,bind,ro "$path"
done
rights="-all,+dac_read_search"
exec setpriv --reuid "$2" --regid "$2" --clear-groups --no-new-privs \
  --inh-caps="$rights" --ambient-caps="$rights" --bounding-set="$rights" \
  sh -c 'if touch "$0/../written" 2>/dev/null; then exit 9; fi; shift; exec "$@"' "$@"
"""


@pytest.fixture
def read_only(tmp_path: Path) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """Run the service as the image does, and yield the process and its address."""
    needed("unshare")
    if os.geteuid() != 0:
        pytest.skip("only root may make a file system read-only")
    scratch = tmp_path / "tmp"
    scratch.mkdir()
    tmp_path.chmod(0o777)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    user = told("USER")[0].partition(":")[0]
    ours = [sys.executable, "-m", "pswonto", "serve", "--port", str(port)]
    command = ["unshare", "--mount", "sh", "-c", READ_ONLY, "sh", str(scratch), user, *ours]
    environment = {**os.environ, "TMPDIR": str(scratch), "PYTHONDONTWRITEBYTECODE": "1"}
    with subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL) as process:
        address = f"http://127.0.0.1:{port}"
        for _ in range(200):
            try:
                urllib.request.urlopen(address + "/health/ready", timeout=5).close()
                break
            except urllib.error.URLError:
                assert process.poll() is None
                time.sleep(0.05)
        yield process, address
        process.kill()


def test_the_service_writes_nothing_but_files_in_tmp(read_only: tuple["subprocess.Popen[bytes]", str]) -> None:
    """With all else read-only, and as the user of the image, it answers queries and pages of each kind, and ends."""
    process, address = read_only
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    assert re.search(r"^Uid:\t10001\t10001\t10001\t10001$", status, re.MULTILINE)
    for path in (*PAGES, "/openapi.json", "/metrics", "/sparql?query=" + quote("SELECT * { ?s ?p ?o }")):
        with urllib.request.urlopen(address + path, timeout=30) as answer:
            assert answer.status == 200
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=20) == -signal.SIGTERM


@dataclass(frozen=True)
class Proxy:
    """nginx with our configuration, before a service that runs.

    Attributes:
        plain: The port for HTTP.
        port: The port for HTTPS.
        trust: What trusts its certificate.
        log: Where it writes its log.
    """

    plain: int
    port: int
    trust: ssl.SSLContext
    log: Path

    def ask(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Send a request over HTTPS, and return status, headers and body."""
        connection = http.client.HTTPSConnection("localhost", self.port, context=self.trust, timeout=60)
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        try:
            connection.request(method, path, body, {"Host": "pswonto.example", **named})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def get(self, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, bytes]:
        """Send a request of GET."""
        return self.ask("GET", path, None, **headers)

    def requests(self) -> list[str]:
        """Return the ids in the log."""
        # A line is written after the answer was sent.
        time.sleep(0.1)
        return [json.loads(line)["request"] for line in self.log.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    """Yield the proxy; its ports, certificate and folders are ours, and all else is as the file has it."""
    nginx, openssl = needed("nginx"), needed("openssl")
    folder = tmp_path_factory.mktemp("nginx")
    key, certificate = folder / "privkey.pem", folder / "fullchain.pem"
    request = [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost"]
    named = ["-addext", "subjectAltName=DNS:localhost", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*request, *named], check=True, capture_output=True)
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        plain, port = one.getsockname()[1], other.getsockname()[1]
    with Server() as server:
        text = re.sub(r"\n +listen \[::\].*", "", NGINX)
        for ours, theirs in (
            ("server 127.0.0.1:8000;", f"server 127.0.0.1:{server.port};"),
            ("listen 80;", f"listen 127.0.0.1:{plain};"),
            ("listen 443 ssl", f"listen 127.0.0.1:{port} ssl"),
            ("/etc/ssl/pswonto/", f"{folder}/"),
            ("/var/cache/nginx/pswonto", f"{folder}/cache"),
            ("/var/log/nginx/", f"{folder}/"),
        ):
            assert ours in text
            text = text.replace(ours, theirs)
        kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        folders = " ".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
        whole = f"daemon off; pid {folder}/pid; error_log {folder}/error.log; events {{}} http {{ {folders}\n{text} }}"
        whole = "user root;\n" + whole if os.geteuid() == 0 else whole
        (folder / "nginx.conf").write_text(whole, encoding="utf-8")
        command = [nginx, "-e", str(folder / "error.log"), "-c", str(folder / "nginx.conf")]
        checked = subprocess.run([*command, "-t"], capture_output=True, text=True)
        assert checked.returncode == 0, checked.stderr
        assert "[warn]" not in checked.stderr
        with subprocess.Popen(command) as process:
            for _ in range(100):
                try:
                    socket.create_connection(("127.0.0.1", port)).close()
                    break
                except ConnectionRefusedError:
                    time.sleep(0.05)
            trust = ssl.create_default_context(cafile=str(certificate))
            yield Proxy(plain, port, trust, folder / "pswonto.log")
            process.terminate()


def test_the_second_answer_comes_from_the_cache(proxy: Proxy) -> None:
    """It is the same, by HEAD too, one for each Accept; what is no-store is asked anew, and so is an error."""
    path = "/api/v1/factors"
    first, second = proxy.get(path), proxy.get(path)
    assert [answer[1]["X-Cache-Status"] for answer in (first, second)] == ["MISS", "HIT"]
    assert first[2] == second[2]
    assert first[1]["ETag"] == second[1]["ETag"]
    status, headers, body = proxy.ask("HEAD", path)
    assert (status, headers["X-Cache-Status"], body) == (200, "HIT", b"")
    assert int(headers["Content-Length"]) == len(first[2])
    table = proxy.get(path, Accept="text/csv")
    assert (table[1]["X-Cache-Status"], table[1].get_content_type()) == ("MISS", "text/csv")
    assert proxy.get(path, Accept="text/csv")[1]["X-Cache-Status"] == "HIT"
    for fresh in ("/health/ready", "/nothing", "/sparql?query=" + quote("SELECT (NOW() AS ?now) {}")):
        assert [proxy.get(fresh)[1]["X-Cache-Status"] for _ in range(2)] == ["MISS", "MISS"]


def test_a_client_that_has_the_answer_is_told_so(proxy: Proxy) -> None:
    """By the entity tag, by the weak one of a compressed answer, and where the cache does not have the answer yet."""
    path = "/factor/psw-wellbeing.ttl"
    tag = proxy.get(path)[1]["ETag"]
    assert proxy.get(path, If_None_Match=tag)[0] == 304
    status, headers, body = proxy.get(path, Accept_Encoding="gzip")
    assert (status, headers["Content-Encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == proxy.get(path)[2]
    assert headers["ETag"] == f"W/{tag}"
    assert {"Accept", "Accept-Encoding"} == set(", ".join(headers.get_all("Vary") or []).split(", "))
    status, headers, body = proxy.get(path, If_None_Match=headers["ETag"])
    assert (status, body) == (304, b"")
    query = "/sparql?query=" + quote("SELECT ?s { ?s ?p 38 }")
    fresh = proxy.get(query + "%20%23")[1]["ETag"]
    assert proxy.get(query + "%20%23%23", If_None_Match=fresh)[0] == 304


def test_queries_pass_by_every_method_and_whole(proxy: Proxy) -> None:
    """POST and QUERY reach the service each time; an answer of megabytes comes whole, and a long GET passes."""
    query = b"SELECT * { ?s ?p ?o }"
    for method in ("POST", "QUERY", "POST"):
        answer = proxy.ask(method, "/sparql", query, Content_Type="application/sparql-query", Accept="text/csv")
        assert (answer[0], answer[1]["X-Cache-Status"]) == (200, None)
        assert len(answer[2]) == int(answer[1]["Content-Length"]) > 3_000_000
    status, headers, body = proxy.get("/sparql?query=" + quote("ASK {} #" + "x" * 60_000))
    assert (status, headers["X-Cache-Status"], json.loads(body)["boolean"]) == (200, "MISS", True)
    assert proxy.get("/api/v1/studies?q=" + "y" * 5_000)[0] == 200


def test_refusals_are_those_of_the_service(proxy: Proxy) -> None:
    """It is the service that says what is too large, and why."""
    large = b"ASK {} #" + b"x" * Settings().body_limit
    status, headers, body = proxy.ask("POST", "/sparql", large, Content_Type="application/sparql-query")
    assert (status, headers.get_content_type()) == (413, "application/problem+json")
    assert str(Settings().body_limit) in json.loads(body)["detail"]
    status, headers, _ = proxy.get("/sparql?query=" + "x" * (Settings().head_limit // 2))
    assert (status, headers.get_content_type()) == (414, "application/problem+json")


def test_each_request_has_an_id_that_is_in_the_log(proxy: Proxy) -> None:
    """The service's own where it answered, which stands in a problem too, and another one where the cache did."""
    path = "/subtheme/stigma.ttl"
    first, second = (proxy.get(path)[1]["X-Request-ID"] for _ in range(2))
    assert first != second
    _, headers, body = proxy.get("/nothing")
    assert json.loads(body)["instance"] == f"urn:uuid:{headers['X-Request-ID']}"
    assert headers.get_all("X-Request-ID") == [headers["X-Request-ID"]]
    assert {first, second, headers["X-Request-ID"]} <= set(proxy.requests())


def test_the_service_knows_by_which_name_it_is_asked(proxy: Proxy) -> None:
    """Its description names the public address, and what comes without TLS is sent to where there is."""
    _, _, body = proxy.get("/sparql", Accept="text/turtle")
    assert b"sd:endpoint <https://pswonto.example/sparql>" in body
    connection = http.client.HTTPConnection("127.0.0.1", proxy.plain, timeout=10)
    connection.request("GET", "/map?unit=studies", headers={"Host": "pswonto.example"})
    answer = connection.getresponse()
    assert (answer.status, answer.headers["Location"]) == (301, "https://pswonto.example/map?unit=studies")
    connection.close()


def test_the_proxy_waits_for_a_query_as_long_as_it_may_take() -> None:
    """Its times and sizes are above those of the service, and its upstream is the port of the unit."""
    (seconds,) = re.findall(r"proxy_read_timeout (\d+)s;", NGINX)
    defaults = Settings()
    assert int(seconds) > 2 * defaults.query_seconds
    (body,), (head,) = (re.findall(rf"{name} (?:4 )?(\w+);", NGINX) for name in ("max_body_size", "header_buffers"))
    assert size(body) > defaults.body_limit
    assert size(head) > defaults.head_limit
    assert re.findall(r"server (127\S+);", NGINX) == [f"{defaults.host}:{defaults.port}"]


def test_the_page_on_deployment_names_what_there_is() -> None:
    """Each file of the folder is on the page, each that it names is there, and its commands are those of the files."""
    named = set(re.findall(r"deploy/([\w.]+)", PAGE))
    assert named == {path.name for path in DEPLOY.iterdir()}
    for text, start in ((CONTAINERFILE, "podman"), (UNIT, "python3"), (UNIT, "systemctl")):
        for line in text.splitlines():
            command = line.removeprefix("#").strip()
            if line.startswith("#   ") and command.startswith(start):
                assert command in PAGE
    assert "in place of the base image" in PAGE
