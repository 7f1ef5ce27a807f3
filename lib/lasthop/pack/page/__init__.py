"""index.html of a pack: one page without scripts that asks nothing of anywhere, to be opened by double click.

::

    with PageWriter(folder / "index.html", zone, sources) as page:
        for number, known in enumerate(dossiers, 1):
            page.take(number, known)          # what may leave: masked dossiers if the pack is masked
    page.finish(cover, members)               # `lasthop.pack.readme.Cover`, and the names of the other members

``sources`` are those whose file names may be shown. Between the two the sections lie in ``index.html.sections`` beside
the page; `PageWriter.finish` takes them in and removes that file. The same input gives the same bytes.
Everything that somebody else wrote is escaped by the templates, control characters are shown as pictures.
"""

from lasthop.pack.page.writer import IN_FULL, PageWriter

__all__ = ["IN_FULL", "PageWriter"]
