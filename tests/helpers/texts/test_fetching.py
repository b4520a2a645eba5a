"""Downloads, from a server on this machine: good ones, and every kind that must be given up."""

import http.server
import threading
import time

import pytest

from helpers.texts import fetching


@pytest.fixture
def server():
    """A web server on this machine: /good, /bad (another content), /slow (never ends), anything else 404."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            body = {"/good": b"the real archive", "/bad": b"something else!!"}.get(self.path)
            if self.path == "/slow":
                self.send_response(200)
                self.send_header("Content-Length", "100")
                self.end_headers()
                self.wfile.write(b"a")
                self.wfile.flush()
                time.sleep(3)
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
    ("page", "reason"), [("bad", "SHA-1 is wrong"), ("none", "no download .HTTPError"), ("slow", "no download")]
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
