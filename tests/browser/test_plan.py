"""The learner's own plan: a question, a vision beside what is, a contract, own routes."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, expect

from browser.conftest import NewLearner
from browser.learner import TYPED, Learner, box, checkpoint, pick, write
from browser.places import Site, served, site_of
from browser.test_pages import violations
from corpus import write_corpus
from learnpath import build_site
from support import write_course


def new_route(learner: Learner, name: str, *titles: str) -> Page:
    """Make a route on the plan's page, with these pages in this order, and leave it open."""
    tab = learner.open("plan.html")
    tab.get_by_role("button", name="Make a route").click()
    expect(tab.locator(".own-name")).to_be_focused()
    tab.locator(".own-name").fill(name)
    for title in titles:
        tab.locator(".own-page").select_option(label=title)
        tab.get_by_role("button", name="Add it").click()
    return tab


def steps(tab: Page) -> list[str]:
    return tab.locator(".own-changing .item-label").all_text_contents()


def test_the_driving_question_goes_along_and_is_worded_anew(learner: Learner) -> None:
    """It is the course's own checkpoint, asked on the plan too; at the head of every page it leads
    back to the plan, and its former wording stays with its date."""
    tab = learner.open("plan.html")
    write(tab, "first", "Why does nobody sit at the table?")
    expect(checkpoint(tab, "first").locator(".plan-since")).to_contain_text("Worded so since")
    learner.go(tab, "garden.html")
    head = tab.locator(".site-header .driving-question")
    expect(head).to_have_text("Why does nobody sit at the table?")
    head.click()
    learner.arrive(tab, "plan.html")
    write(tab, "first", "Who took the chairs?")
    expect(checkpoint(tab, "first").locator(".versions summary")).to_have_text(
        "One earlier version"
    )
    learner.go(tab, "room.html")
    expect(head).to_have_text("Who took the chairs?")


def test_a_revisit_words_the_driving_question_anew(learner: Learner) -> None:
    """As it was put last, wherever that was; once that is taken back, as it was put before."""
    tab = learner.open("plan.html")
    write(tab, "first", "Why does nobody sit at the table?")
    learner.go(tab, "end.html")
    head = tab.locator(".site-header .driving-question")
    write(tab, "first-again", "Who took the chairs?")
    expect(head).to_have_text("Who took the chairs?")
    learner.go(tab, "garden.html")
    expect(head).to_have_text("Who took the chairs?")
    learner.go(tab, "end.html")
    box(tab, "first-again").fill("")
    box(tab, "first-again").blur()
    expect(head).to_have_text("Why does nobody sit at the table?")


def test_a_plan_is_kept_and_in_the_journal(learner: Learner) -> None:
    """Vision and what is, goals, evidence and review are words like all others, with a way back."""
    tab = learner.open("plan.html")
    for part in ("vision", "reality", "goals", "evidence", "review"):
        write(tab, f"plan:{part}", f"My {part}")
    pick(tab, "plan:route", "The short way")
    tab.reload()
    expect(box(tab, "plan:vision")).to_have_value("My vision")
    learner.go(tab, "journal.html")
    group = tab.locator(".journal-group", has_text="My plan")
    expect(group.locator(".journal-entry")).to_have_count(6)
    expect(tab.locator(".journal")).not_to_contain_text("earlier versions of this course")
    group.get_by_role("link", name="Which way will you take?").click()
    expect(checkpoint(tab, "plan:route")).to_be_in_viewport()


def test_a_route_of_ones_own_is_walked_like_an_authors(learner: Learner) -> None:
    """Its pages have the route's bar, with what comes before and after; it can be left."""
    tab = new_route(learner, "Roses first", "The garden", "The room")
    assert steps(tab) == ["The garden", "The room"]
    tab.get_by_role("button", name="Done").click()
    expect(tab.locator(".own-route h3")).to_have_text("Roses first")
    tab.locator(".card-start a").click()
    learner.arrive(tab, "garden.html")
    bar = tab.locator(".route-bar")
    expect(bar.locator(".route-title")).to_contain_text("Roses first")
    expect(bar.locator(".route-step")).to_contain_text("1")
    bar.locator(".route-next").click()
    learner.arrive(tab, "room.html")
    expect(bar.locator(".route-previous")).to_contain_text("The garden")
    bar.locator(".route-leave").click()
    expect(bar.locator(".route-rejoin")).to_contain_text("Roses first")


def test_of_a_large_course_a_plan_offers_the_pages_that_were_seen(
    new_learner: NewLearner, tmp_path: Path
) -> None:
    """The plan does not list hundreds of pages, and says how any other comes on a route."""
    source = tmp_path / "course"
    write_course(source, {f"p{at}.md": f"# Page {at}\n\n[On](p{at + 1}.md)\n" for at in range(300)})
    write_course(source, {"p300.md": "# Page 300\n", "index.md": "# Start\n\n[On](p0.md)\n"})
    write_course(source, {"course.yml": "title: Many\nid: many\n"})
    with site_of(source, tmp_path / "site") as site:
        learner = new_learner(site.addresses["root"])
        tab = learner.open("p7.html")
        learner.go(tab, "plan.html")
        tab.get_by_role("button", name="Make a route").click()
        expect(tab.get_by_label("A page")).to_have_text("Page 7")
        expect(tab.locator(".own-changing")).to_contain_text("Any other page")
        tab.get_by_role("button", name="Add it").click()
        assert steps(tab) == ["Page 7"]
        expect(tab.get_by_label("A page")).to_have_count(0)
        learner.go(tab, "p8.html")


def test_its_order_is_changed_by_keyboard_and_kept(visitor: Learner) -> None:
    """A step moves up and comes off; a reload has it so; the journal tells the route in words."""
    tab = new_route(visitor, "Mine", "The garden", "The room", "The cellar")
    up = tab.get_by_role("button", name="Move “The cellar” up")
    up.focus()
    tab.keyboard.press("Enter")
    assert steps(tab) == ["The garden", "The cellar", "The room"]
    expect(up).to_be_focused()
    tab.get_by_role("button", name="Take “The garden” off the route").click()
    tab.reload()
    expect(tab.locator(".own-route li")).to_have_text(["The cellar", "The room"])
    visitor.go(tab, "journal.html")
    expect(tab.locator(".journal-entry")).to_contain_text("1. The cellar")


def test_its_order_is_changed_by_mouse(visitor: Learner) -> None:
    """A step is dragged below another."""
    tab = new_route(visitor, "Mine", "The garden", "The room")
    first, second = (tab.locator(".own-changing [data-item]").nth(at) for at in (0, 1))
    first.scroll_into_view_if_needed()
    start, end = first.bounding_box(), second.bounding_box()
    assert start and end
    tab.mouse.move(start["x"] + 20, start["y"] + 10)
    tab.wait_for_load_state("networkidle")  # A hand needs longer than what comes with a pointer.
    tab.mouse.down()
    tab.mouse.move(end["x"] + 20, end["y"] + end["height"] - 2, steps=6)
    tab.mouse.up()
    expect(tab.locator(".own-changing .item-label")).to_have_text(["The room", "The garden"])


def test_a_route_can_be_removed(visitor: Learner) -> None:
    tab = new_route(visitor, "Mine", "The garden")
    tab.get_by_role("button", name="Remove this route").click()
    expect(tab.locator(".own-route")).to_have_count(0)
    expect(tab.get_by_role("button", name="Make a route")).to_be_focused()


def test_axe_finds_nothing_on_the_plan(visitor: Learner) -> None:
    """With words, versions, a route that is changed and one that is read, in both schemes."""
    tab = new_route(visitor, "Mine", "The garden", "The room")
    tab.get_by_role("button", name="Done").click()
    tab.get_by_role("button", name="Make a route").click()
    write(tab, "plan:vision", TYPED)
    assert violations(tab) == []


def test_without_scripts_the_plan_is_a_sheet_to_write_on(reader: Learner) -> None:
    """Every question is there, with lines to write on in print, and no button that does nothing."""
    tab = reader.open("plan.html")
    for words in ("What would convince you", "how is it today", "Without JavaScript: write"):
        expect(tab.get_by_text(words).first).to_be_visible()
    expect(tab.locator("main").get_by_role("button")).to_have_count(0)
    tab.emulate_media(media="print")
    expect(checkpoint(tab, "plan:vision").locator(".lines")).to_be_visible()


def test_no_percentage_anywhere(new_learner: NewLearner, small: Site) -> None:
    """A plan is not a meter of how much is done."""
    tab = new_route(new_learner(small.addresses["root"]), "Mine", "The garden")
    assert "%" not in tab.locator("body").inner_text()


def test_any_page_is_put_on_a_route_of_ones_own(visitor: Learner) -> None:
    """The first begins one; then it is asked which; the same page is not put on it twice."""
    tab = visitor.open("garden.html")
    add = tab.get_by_role("button", name="Add to my route")
    add.click()
    said = tab.locator(".route-said")
    expect(said).to_contain_text("This page is on “My route”, as step 1. Saved in this browser.")
    visitor.follow(tab, "go in by the kitchen", "room.html")
    add.click()
    tab.get_by_role("group", name="On which route?").get_by_role("button", name="My route").click()
    expect(said).to_contain_text("as step 2")
    assert violations(tab) == []
    add.click()
    tab.get_by_role("button", name="My route", exact=True).click()
    expect(said).to_contain_text("as step 2")
    add.click()
    tab.get_by_role("button", name="Make a route").click()
    expect(said).to_contain_text("as step 1")
    said.get_by_role("link", name="My routes").click()
    visitor.arrive(tab, "plan.html#own-routes")
    expect(tab.locator(".own-route")).to_have_count(2)
    expect(tab.locator(".own-route").first.locator("ol li")).to_have_text(
        ["The garden", "The room"]
    )
    tab.locator(".own-route").first.locator(".card-start a").click()
    visitor.arrive(tab, "garden.html")
    expect(tab.locator(".route-bar .route-next")).to_contain_text("The room")


def test_a_route_is_picked_on_the_map(learner: Learner) -> None:
    """From the contract: in the list and in the drawing, with its name; it plays like any other."""
    tab = learner.open("plan.html")
    tab.get_by_role("link", name="Pick its pages on the map").click()
    learner.arrive(tab, "map.html#pick")
    panel = tab.locator(".picking")
    expect(panel.locator(".picking-name")).to_be_focused()
    panel.locator(".picking-name").fill("By the roses")
    tab.get_by_role("button", name="On the route: The garden").click()
    tab.locator(".map-drawing a[data-page=room]").click()
    expect(panel.locator(".picking-way")).to_have_text("1. The garden  →  2. The room")
    expect(tab.locator(".map-drawing a[data-page=room] .node-step")).to_have_text("2")
    tab.locator(".map-drawing a[data-page=study]").focus()
    tab.keyboard.press("Enter")
    expect(panel.locator(".picking-way")).to_contain_text("3. The study")
    pressed = tab.get_by_role("button", name="On the route: The garden")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    assert not tab.url.startswith("http") or violations(tab) == []
    pressed.click()
    expect(panel.locator(".picking-way")).to_have_text("1. The room  →  2. The study")
    tab.get_by_role("button", name="Done").click()
    expect(tab.locator(".pick, .node-step")).to_have_count(0)
    expect(panel).to_be_hidden()
    # Pages are links again.
    tab.locator(".map-list .map-page", has_text="The garden").click()
    learner.arrive(tab, "garden.html")
    learner.go(tab, "plan.html")
    expect(tab.locator(".own-route h3")).to_have_text("By the roses")
    expect(tab.locator(".own-route ol li")).to_have_text(["The room", "The study"])


def test_a_route_is_picked_from_part_to_part(new_learner: NewLearner, tmp_path: Path) -> None:
    """Where the map has parts it says how; each part opens ready to pick, and the route goes on."""
    write_corpus(tmp_path / "course", 160)
    site = build_site(tmp_path / "course", tmp_path / "site", cached=False).output
    with served(site) as address:
        learner = new_learner(address)
        tab = learner.open("plan.html")
        tab.get_by_role("link", name="Pick its pages on the map").click()
        learner.arrive(tab, "map.html#pick")
        expect(tab.get_by_text("To pick a route of your own, open a part")).to_be_visible()
        for step, part in enumerate(("part-000", "part-003"), 1):
            tab.locator(f".map-list .map-page[href^='map/{part}']").click()
            learner.arrive(tab, f"map/{part}.html#pick")
            expect(tab.locator(".picking-name")).to_be_focused()
            tab.locator(".pick").nth(step).click()
            expect(tab.locator(".picking-way")).to_contain_text(f"{step}. ")
            assert violations(tab) == []
            tab.get_by_role("link", name="Pages in other parts").click()
            learner.arrive(tab, "map.html#pick")
        learner.go(tab, "plan.html")
        expect(tab.locator(".own-route ol li")).to_have_count(2)


def test_a_route_is_printed_with_its_pages_and_a_note_with_all_its_words(
    visitor: Learner,
) -> None:
    """On paper stand the words, whole, and no button."""
    tab = new_route(visitor, "Roses first", "The garden", "The room")
    tab.get_by_role("button", name="Done").click()
    tab.emulate_media(media="print")
    expect(tab.locator(".own-route h3")).to_be_visible()
    expect(tab.locator(".own-route ol li")).to_have_text(["The garden", "The room"])
    assert not tab.locator("main button:visible").count()
    tab.emulate_media(media="screen")
    visitor.go(tab, "garden.html")
    tab.get_by_role("button", name="Write a note").click()
    note = tab.locator(".note textarea")
    note.fill("\n".join(f"Line {at} of what I think." for at in range(40)))
    note.blur()
    expect(tab.locator(".note .saved")).to_contain_text("Saved")
    tab.emulate_media(media="print")
    expect(note).to_be_visible()
    assert note.evaluate("box => box.scrollHeight - box.clientHeight") <= 1
    assert not tab.locator(".own-marks button:visible").count()


def test_on_paper_a_heading_stays_with_its_question(visitor: Learner) -> None:
    """Neither a heading nor the sentence below it is the last on a sheet."""
    tab = visitor.open("plan.html")
    tab.emulate_media(media="print")
    heads = tab.locator(".plan-part > h2, .plan-part > h2 + p")
    breaks = heads.evaluate_all("(all) => all.map((each) => getComputedStyle(each).breakAfter)")
    assert len(breaks) > 4
    assert set(breaks) == {"avoid"}


def test_without_scripts_there_is_nothing_to_pick_with(reader: Learner) -> None:
    """No button that would do nothing."""
    tab = reader.open("map.html")
    expect(tab.get_by_role("button", name="Pick a route of my own")).to_be_hidden()
    reader.go(tab, "garden.html")
    expect(tab.get_by_role("button", name="Add to my route")).to_be_hidden()
