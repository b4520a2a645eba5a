"""Downloads, from a server on this machine: good ones, and every kind that must be given up."""

import gzip
import hashlib
import http.server
import threading
import time

import pytest

from helpers.texts import fetching


def slow(handler):
    headers(handler)
    handler.wfile.write(b"a")
    handler.wfile.flush()
    time.sleep(3)


def headers(handler, *more):
    handler.send_response(200)
    for name, value in (("Content-Length", "16"), *more):
        handler.send_header(name, value)
    handler.end_headers()


def dripping(handler):
    """A byte at a time, each well before the time for it is over."""
    headers(handler)
    _drip(handler, b"the real archive" * 2)


def dripping_headers(handler):
    _drip(handler, b"HTTP/1.1 200 OK\r\nServer: slow and slow and slow\r\n")


def _drip(handler, data):
    try:
        for i in range(len(data)):
            handler.wfile.write(data[i : i + 1])
            handler.wfile.flush()
            time.sleep(0.2)
    except OSError:  # it was given up
        pass


def endless(handler):
    handler.protocol_version = "HTTP/1.0"
    handler.send_response(200)
    handler.end_headers()
    began = time.perf_counter()
    try:
        while time.perf_counter() - began < 10:
            handler.wfile.write(b"the real archive" * 1000)
    except OSError:
        pass


def bomb(handler):
    body = gzip.compress(bytes(10**7))
    headers(handler, ("Content-Encoding", "gzip"))
    try:
        handler.wfile.write(body)
    except OSError:
        pass


NEVER = {f"/{f.__name__}": f for f in (slow, dripping, dripping_headers, endless, bomb)}


@pytest.fixture
def server():
    """A web server on this machine: /good, /bad (another content), those that do not end, anything else 404."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = {"/good": b"the real archive", "/bad": b"something else!!"}.get(self.path)
            if self.path in NEVER:
                NEVER[self.path](self)
            elif body is None:
                self.send_error(404)
            else:
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

        def log_message(self, *args):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=httpd.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{httpd.server_port}"
    httpd.shutdown()


@pytest.fixture
def good_sha1(tmp_path):
    path = tmp_path / "reference"
    path.write_bytes(b"the real archive")
    digest = fetching.sha1(path)
    path.unlink()
    return digest


def test_a_good_download(server, tmp_path, good_sha1):
    path = tmp_path / "data" / "ptb.zip"
    assert fetching.fetch(f"{server}/good", path, good_sha1, 16) == path
    assert path.read_bytes() == b"the real archive" and list(path.parent.iterdir()) == [path]
    fetching.fetch("http://127.0.0.1:9/none", path, good_sha1, 16)  # cached: no network is asked


@pytest.mark.parametrize(
    ("page", "reason"),
    [
        ("bad", "SHA-1 is wrong"),
        ("none", "no download .HTTPError"),
        ("slow", "no download"),
        ("dripping", "no download .the answer is slower than 10,000 bytes a second"),
        ("dripping_headers", "no download .the answer is slower"),
        ("endless", "no download .the answer is longer than 16 bytes"),
        ("bomb", "SHA-1 is wrong"),  # which is not unpacked, and has 16 bytes as it said
    ],
)
@pytest.mark.parametrize("old", [None, b"the real arch"])
def test_downloads_that_fail_lose_nothing(server, tmp_path, monkeypatch, good_sha1, page, reason, old):
    monkeypatch.setattr(fetching, "TIMEOUT", 0.5)
    path = tmp_path / "ptb.zip"
    if old:
        path.write_bytes(old)
    began = time.perf_counter()
    with pytest.raises(fetching.FetchError, match=reason) as error:
        fetching.fetch(f"{server}/{page}", path, good_sha1, 16)
    message = str(error.value)
    assert time.perf_counter() - began < 3
    assert f"{server}/{page} (16 bytes)" in message and str(path) in message and good_sha1 in message
    assert ("truncated or altered" in message) is bool(old)
    assert [p.name for p in tmp_path.iterdir()] == (["ptb.zip"] if old else [])
    if old:
        assert path.read_bytes() == old


def test_a_checksum_may_be_sha_256(server, tmp_path):
    known = hashlib.sha256(b"the real archive").hexdigest()
    assert fetching.fetch(f"{server}/good", tmp_path / "file", known, 16).read_bytes() == b"the real archive"
    with pytest.raises(fetching.FetchError, match=f"SHA-256 is wrong.*\n.*SHA-256 {known}"):
        fetching.fetch(f"{server}/bad", tmp_path / "other", known, 16)


@pytest.mark.parametrize("page", ["good", "none"])
def test_a_file_that_one_may_not_read_is_named(server, tmp_path, monkeypatch, good_sha1, page):
    path = tmp_path / "ptb.zip"
    path.write_bytes(b"whatever")

    def refused(*_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(fetching, "checksum", refused)
    with pytest.raises(fetching.FetchError, match=r"ptb.zip cannot be read \(Permission denied\)") as error:
        fetching.fetch(f"{server}/{page}", path, good_sha1, 16)
    assert error.value.short.startswith("ptb.zip cannot be read") and path.read_bytes() == b"whatever"


def test_a_folder_in_the_place_of_the_file_is_named(server, tmp_path, good_sha1):
    (tmp_path / "ptb.zip").mkdir()
    with pytest.raises(fetching.FetchError, match="ptb.zip cannot be read .Is a directory"):
        fetching.fetch(f"{server}/good", tmp_path / "ptb.zip", good_sha1, 16)
    assert (tmp_path / "ptb.zip").is_dir()


def test_a_place_that_cannot_be_written_to_is_named(server, tmp_path, good_sha1):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(fetching.FetchError, match="no download"):
        fetching.fetch(f"{server}/good", tmp_path / "file" / "ptb.zip", good_sha1, 16)
