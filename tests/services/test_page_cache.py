"""The whole-page cache: who shares a page, when it is rendered anew, and what is never kept."""

import gzip
import threading

import brotli
import pytest
from sqlalchemy.exc import OperationalError

from portal.web.pagecache import PageCache
from tests.services.wsgi_caller import call

PAGE = "<h1>办件</h1><p>" + "已办结的事项。" * 60


class Site:
    """A public site that counts how often it renders and shows what it was asked."""

    def __init__(self) -> None:
        self.renders = 0
        self.marked = True
        self.extra: list[tuple[str, str]] = []
        self.text = PAGE
        self.status = "200 OK"

    def __call__(self, environ, start_response):
        self.renders += 1
        self.seen = dict(environ)
        body = f"{self.text}{environ['QUERY_STRING']} {environ.get('HTTP_HX_TARGET')}".encode()
        headers = [("Content-Type", "text/html"), ("Content-Length", str(len(body))), *self.extra]
        if self.marked:
            headers.append(("X-Portal-Cache", "public"))
        start_response(self.status, headers)
        return [body]


class World:
    version, day = 1, "Monday"


@pytest.fixture
def site():
    return Site()


@pytest.fixture
def world():
    return World()


@pytest.fixture
def cache(site, world):
    return PageCache(
        site,
        version=lambda: world.version,
        day=lambda: world.day,
        default_locale="zh_Hans",
        private_cookies=("session", "remember_token"),
    )


def test_a_second_visitor_gets_the_same_page_without_rendering(cache, site):
    first, second = call(cache, "/cases"), call(cache, "/cases")
    assert site.renders == 1
    assert first.body == second.body
    assert second.headers["Cache-Control"] == "public, max-age=0, s-maxage=1, stale-while-revalidate=1"
    assert "X-Portal-Cache" not in first.headers


def test_a_commit_or_midnight_makes_it_render_anew(cache, site, world):
    call(cache, "/cases")
    world.version = 2
    call(cache, "/cases")
    assert site.renders == 2
    world.day = "Tuesday"
    call(cache, "/cases")
    assert site.renders == 3


def test_a_commit_during_the_rendering_makes_the_page_old_at_once(cache, site, world):
    def commits_meanwhile(environ, start_response):
        world.version += 1
        return site(environ, start_response)

    cache.app = commits_meanwhile
    call(cache, "/cases")
    call(cache, "/cases")
    assert site.renders == 2


def test_somebody_signed_in_neither_gets_nor_leaves_a_page(cache, site):
    call(cache, "/cases")
    mine = call(cache, "/cases", cookie="lang=en; session=abc")
    call(cache, "/cases", cookie="remember_token=abc")
    assert site.renders == 3
    assert "public" not in mine.headers.get("Cache-Control", "")
    assert "X-Portal-Cache" not in mine.headers


def test_other_peoples_cookies_do_not_matter(cache, site):
    call(cache, "/cases")
    call(cache, "/cases", cookie="JSESSIONID=1; _ga=session")
    assert site.renders == 1


@pytest.mark.parametrize(
    ("marked", "extra", "status"),
    [
        (False, [], "200 OK"),  # the view did not say so
        (True, [("Set-Cookie", "a=b")], "200 OK"),  # it gives a cookie
        (True, [], "404 Not Found"),  # it is not a page
    ],
)
def test_what_is_not_the_same_for_everybody_is_not_kept(cache, site, marked, extra, status):
    site.marked, site.extra, site.status = marked, extra, status
    call(cache, "/cases")
    reply = call(cache, "/cases")
    assert site.renders == 2
    assert "X-Portal-Cache" not in reply.headers
    assert "public" not in reply.headers.get("Cache-Control", "")


@pytest.mark.parametrize("text", ['<form class="x" METHOD=post>', '<input name="csrf_token" value="1">'])
def test_a_page_with_a_posting_form_or_token_is_sent_but_never_kept(cache, site, text):
    site.text = PAGE + text
    assert call(cache, "/cases").headers["Cache-Control"] == "private, no-store"
    call(cache, "/cases")
    assert site.renders == 2


def test_languages_are_kept_apart_and_shared_within(cache, site):
    call(cache, "/cases")
    call(cache, "/cases", accept_language="zh-CN,zh;q=0.9")
    assert site.renders == 1
    call(cache, "/cases", accept_language="en-GB")
    call(cache, "/cases", accept_language="en-US,en;q=0.5")
    call(cache, "/cases", cookie="lang=en", accept_language="zh-TW")
    assert site.renders == 2


def test_a_wish_for_a_language_reaches_the_app_until_it_is_remembered(cache, site):
    call(cache, "/cases?lang=en", cookie="lang=en")
    call(cache, "/cases?lang=en", cookie="lang=en")
    assert site.renders == 1
    call(cache, "/cases?lang=en")
    call(cache, "/cases?lang=en", cookie="lang=zh_Hans")
    assert site.renders == 3


def test_regions_are_kept_apart_from_pages(cache, site):
    call(cache, "/cases")
    call(cache, "/cases", hx_request="true", hx_target="list")
    call(cache, "/cases", hx_request="true", hx_target="pager")
    call(cache, "/cases", hx_request="true", hx_target="list", hx_history_restore_request="true")
    assert site.renders == 4
    call(cache, "/cases", hx_request="true", hx_target="list", hx_current_url="https://x/", hx_trigger="a")
    assert site.renders == 4


@pytest.mark.parametrize("said", ["1", "false", "TRUE", "true, true"])
def test_a_region_is_only_what_the_app_takes_for_one(cache, site, said):
    call(cache, "/cases", hx_request=said, hx_target="list")
    assert not [name for name in site.seen if name.startswith("HTTP_HX_")]
    call(cache, "/cases")
    assert site.renders == 1
    call(cache, "/cases", hx_request="true", hx_target="list")
    assert site.renders == 2, "a whole page was kept where a region is asked for"


def test_what_is_not_keyed_does_not_reach_the_app(cache, site):
    call(cache, "/cases?unit=u1&utm_source=evil&q=%e6%b0%b4", hx_request="true", hx_current_url="https://x/")
    assert site.seen["QUERY_STRING"] == "q=%E6%B0%B4&unit=u1"
    assert "HTTP_HX_CURRENT_URL" not in site.seen
    call(cache, "/cases?q=%E6%B0%B4&unit=u1&fbclid=7", hx_request="true")
    assert site.renders == 1


def test_the_order_of_repeated_parameters_matters(cache, site):
    call(cache, "/cases?tag=a&tag=b")
    call(cache, "/cases?tag=b&tag=a")
    assert site.renders == 2


def test_each_host_has_its_own_pages(cache, site):
    call(cache, "/cases", host="portal.example")
    call(cache, "/cases", host="evil.example")
    assert site.renders == 2


@pytest.mark.parametrize(
    "query", ["q=" + "x" * 600, "&".join(f"a{n}=1" for n in range(40)), "q=\xe6\xb0\xb4"]
)
def test_an_odd_query_is_answered_by_the_app_and_not_kept(cache, site, query):
    call(cache, "/cases?" + query)
    assert len(cache.store) == 0
    assert site.seen["QUERY_STRING"] == query


def test_posting_always_reaches_the_app(cache, site):
    call(cache, "/cases")
    call(cache, "/cases", method="POST")
    assert site.renders == 2


def test_a_head_is_the_page_without_its_body(cache, site):
    first, page = call(cache, "/cases", method="HEAD"), call(cache, "/cases")
    assert site.renders == 1
    assert first.body == b""
    assert first.headers == page.headers
    site.marked = False
    assert call(cache, "/other", method="HEAD").body == b""


def test_who_has_the_page_is_told_so(cache, site, world):
    tag = call(cache, "/cases").headers["ETag"]
    again = call(cache, "/cases", if_none_match=tag)
    assert (again.status, again.body) == (304, b"")
    packed = call(cache, "/cases", if_none_match=tag, accept_encoding="br")
    assert packed.status == 304
    world.version = 2
    assert call(cache, "/cases", if_none_match=tag).status == 304  # rendered anew, the same bytes
    site.text += "!"
    world.version = 3
    assert call(cache, "/cases", if_none_match=tag).status == 200


def test_pages_are_packed_as_the_client_takes_them(cache, site):
    plain = call(cache, "/cases")
    br = call(cache, "/cases", accept_encoding="gzip, deflate, br")
    gz = call(cache, "/cases", accept_encoding="gzip;q=1.0, br;q=0")
    assert site.renders == 1
    assert brotli.decompress(br.body) == gzip.decompress(gz.body) == plain.body
    assert (br.headers["Content-Encoding"], gz.headers["Content-Encoding"]) == ("br", "gzip")
    assert len({plain.headers["ETag"], br.headers["ETag"], gz.headers["ETag"]}) == 3
    assert "Accept-Encoding" in plain.headers["Vary"]


def test_of_many_waiting_for_a_stale_page_one_renders_it(cache, site, world):
    call(cache, "/cases")
    world.version = 2
    started, finish = threading.Event(), threading.Event()

    def slow(environ, start_response):
        started.set()
        assert finish.wait(10)
        return site(environ, start_response)

    cache.app = slow
    replies = []
    threads = [threading.Thread(target=lambda: replies.append(call(cache, "/cases"))) for _ in range(5)]
    threads[0].start()
    assert started.wait(10)
    for thread in threads[1:]:
        thread.start()
    finish.set()
    for thread in threads:
        thread.join(10)
    assert [reply.status for reply in replies] == [200] * 5
    assert site.renders == 2


def test_a_rendering_that_fails_leaves_nobody_waiting(cache, site, world):
    call(cache, "/cases")
    world.version = 2

    def broken(environ, start_response):
        raise LookupError("broken")

    cache.app = broken
    for _ in range(2):
        with pytest.raises(LookupError):
            call(cache, "/cases")
    cache.app = site
    assert call(cache, "/cases").status == 200


def test_when_the_database_is_out_of_reach_the_app_says_so(cache, site):
    call(cache, "/cases")

    def out_of_reach():
        raise OperationalError("SELECT 1", {}, Exception("gone"))

    cache.version = out_of_reach
    site.status, site.marked = "503 Service Unavailable", False
    assert call(cache, "/cases").status == 503
