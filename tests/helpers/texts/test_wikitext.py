"""The Wikipedia sample's tokens: gensim's on every page where it is there, their checksum where it is not."""

import bz2
import hashlib

import pytest

from helpers.texts import sources, wikitext
from helpers.texts.samples import sample


@pytest.fixture(scope="module")
def pages():
    return list(wikitext.pages(sample(sources.WIKI_DUMP)))


def test_the_words_of_every_page_are_gensims(pages):
    gensims = pytest.importorskip("gensim.corpora.wikicorpus", reason="gensim is not installed")
    with bz2.open(sample(sources.WIKI_DUMP)) as dump:
        theirs = [text for _, text, _ in gensims.extract_pages(dump, filter_namespaces=("0",)) if text]
    assert theirs == [page for page in pages if page] and len(theirs) == 205
    for page in theirs:
        text = gensims.filter_wiki(page)
        assert wikitext.plain_text(page) == text
        assert wikitext.tokens(page) == gensims.tokenize(text, 2, 15, True)


def test_the_corpus_is_the_same_everywhere(pages, tmp_path, monkeypatch):
    """Against gensim's tokens as they were stored: no change of `wikitext` goes unseen where there is no gensim."""
    monkeypatch.setattr(sources, "WIKI_CACHE", tmp_path / "wiki.txt")
    first = sources.wiki()
    _, _, text = (tmp_path / "wiki.txt").read_bytes().partition(b"\n")  # after its checksum
    assert hashlib.sha1(text).hexdigest() == "6c14049576c1f92a2d9f60e93dd7d90e700f087f"
    assert len(first.train) + len(first.heldout) == 106 and len(first.heldout) == 7
    monkeypatch.setattr(wikitext, "pages", None)  # the second time the cache answers
    again = sources.wiki()
    assert (again.train, again.heldout) == (first.train, first.heldout)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("a {{b {{c}} d}} e", "a  e"),
        ("a {{b {c}}} d {{e", "a  d "),
        ("[[File:x.png|thumb|a caption]] b", "a caption b"),
        ("[[Chip|chips]] of [[silicon]]", "chips of silicon"),
        ("[http://a.b/c a page], [http://a.b/c]", " a page, "),
        ("one<ref name='x'>note</ref> two<ref name='y' /> <b>three</b>", "one two three"),
        ("<math>x^2</math><!-- not\nseen -->y &amp;amp; &lt;i>z", "y &amp; z"),
        ("end\n[[de:Ende]]\n[[fr:Fin]]", "end"),
        ("a\n{| class=x\n|-\n! b !! c\n| d || e\n|}\nf", "a\n\n\n\n b \n c\n\n d \n e\n\n\nf"),
        ("[[Category:Chips]]a", "a"),
    ],
)
def test_rules_one_by_one(markup, text):
    assert wikitext.plain_text(markup).split() == text.split()


def test_words_have_two_to_fifteen_letters():
    assert wikitext.tokens("A Émile 3D x86 _id_ pneumonoultramicroscopic B2B It's") == ["émile", "it"]
