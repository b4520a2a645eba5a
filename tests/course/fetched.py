"""What a browser would fetch to show a page."""

import re
from html.parser import HTMLParser


class Reader(HTMLParser):
    """The tags of a page, with their attributes."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))


def fetched(html):
    """Addresses outside of the page that showing it would load, whether or not they are there."""
    for tag, attrs in Reader(html).tags:
        for name in ("src", "href", "data", "srcset", "poster"):
            address = attrs.get(name) or ""
            if address and not address.startswith(("data:", "#")) and not (tag == "a" and name == "href"):
                yield address
    for style in re.findall(r"<style>(.*?)</style>", html, re.DOTALL):
        for rule in re.findall(r"@import\s+(\S+)|url\(\s*['\"]?(?!data:)([^)'\"]+)", style):
            yield "".join(rule)
