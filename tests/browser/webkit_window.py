#!/usr/bin/python3
"""A window of WebKitGTK that is driven and keeps its data all the same: `webkit_window.py DIR`.

MiniBrowser and Epiphany forget everything when they are driven. WebKitWebDriver starts this one,
with the system's Python, which has the bindings of GTK.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import gi

gi.require_version("Gtk", "3.0")
gi.require_version("WebKit2", "4.1")
from gi.repository import Gtk, WebKit2  # noqa: E402


def shown(context: Any) -> Any:
    """A view in a window of its own: what a browser shows as a tab."""
    window = Gtk.Window(default_width=1200, default_height=900)
    view = WebKit2.WebView(web_context=context, is_controlled_by_automation=True)
    window.add(view)
    window.show_all()
    return view


def main(profile: Path) -> None:
    """Show one window, and those that are asked for, until it is ended."""
    data = WebKit2.WebsiteDataManager(
        base_data_directory=str(profile / "data"), base_cache_directory=str(profile / "cache")
    )
    context = WebKit2.WebContext(website_data_manager=data)
    context.set_automation_allowed(True)
    unused = [shown(context)]

    def started(_: Any, session: Any) -> None:
        session.connect("create-web-view", lambda _: unused.pop() if unused else shown(context))

    context.connect("automation-started", started)
    Gtk.main()


main(Path(sys.argv[1]))
