"""The parts of the recipient page about one address: how it stands, its domain, its messages."""

import hashlib
from collections.abc import Sequence

import pandas as pd
import streamlit as st

from lasthop.app import case_basket, charts, downloads, state, views, withheld
from lasthop.app.safe_text import counted, one_line, plain
from lasthop.app.screen import Screen
from lasthop.app.silence import why_nothing
from lasthop.app.tables import messages_table
from lasthop.draw.recipient import draw_recipient
from lasthop.explain import in_words
from lasthop.explain.neighbours import DAYS, reason_title
from lasthop.explain.recipient import Last, RecipientDossier
from lasthop.measure.local import DAY_MS
from lasthop.measure.views import View
from lasthop.model.outcomes import MEANINGS, Outcome
from lasthop.read import FORMATS
from lasthop.store.sources import Source
from lasthop.trace import Query, find_messages
from lasthop.trace.find import SCREENFUL

_MESSAGE = "pages/message.py"


def standing(known: RecipientDossier, zone: str) -> None:
    """The address, how it stands in one sentence, and its numbers."""
    st.text(one_line(known.address))
    with st.container(border=True, gap="small"):
        st.markdown(f"**{plain(known.headline)}**")
        if known.messages:
            _numbers(known, zone)


def _numbers(known: RecipientDossier, zone: str) -> None:
    parts = [
        f"{MEANINGS[outcome].title.lower()} {known.counts[outcome]:,}" for outcome in Outcome if known.counts[outcome]
    ]
    st.markdown(plain(f"{counted(known.messages, 'message')}: {', '.join(parts)}."))
    if known.first_ms is not None and known.last_ms is not None:
        first, last = (in_words(ms, zone) for ms in (known.first_ms, known.last_ms))
        st.caption(plain(f"First sent {first}, last sent {last}." if first != last else f"Sent {first}."))
    if known.last_failure and (why := known.last_failure.reason) and why != "suppressed":
        st.caption(plain(f"Why the newest failed: {reason_title(why).lower()}."))
    with st.container(horizontal=True):
        _last("Newest accepted", known.last_success, zone)
        _last("Newest failed", known.last_failure, zone)


def _last(words: str, last: Last | None, zone: str) -> None:
    if last is not None:
        name = plain(f"{words}: {in_words(last.sent_ms, zone)}")
        st.page_link(_MESSAGE, label=name, icon=":material/route:", query_params={"message": last.message})


def unknown(address: str, loaded: Sequence[Source], zone: str) -> None:
    """What to do about an address that nothing names: what was looked through, and where else to look."""
    logs = [source for source in loaded if FORMATS[source.format].vantage == "app"]
    said = ["An address must be whole. For a part of one, use the search on Messages."]
    said.append(f"Loaded, and without it: {_spans(loaded, zone)}. What was not exported can name it all the same.")
    if not logs:
        said.append("Mail that was refused before SendGrid stands in Kuroco's mail log alone, and none is loaded.")
    st.markdown("\n".join(f"- {plain(each)}" for each in said))
    with st.container(horizontal=True):
        query = {"q": address}
        st.page_link("pages/messages.py", label="Go to Messages", icon=":material/mail:", query_params=query)
        st.page_link("pages/sources.py", label="Go to Sources", icon=":material/database:")
    why_nothing(address)


def _spans(loaded: Sequence[Source], zone: str) -> str:
    """Each kind of loaded log with the days of its first and last row, in ``zone``; stop lists are only counted."""
    spans: dict[str, list[int]] = {}
    for source in loaded:
        if not FORMATS[source.format].stop_list:
            times = [ms for ms in (source.first, source.last) if ms is not None]
            spans.setdefault(FORMATS[source.format].title, []).extend(times)
    said = [f"{title} ({_days(times, zone)})" if times else title for title, times in spans.items()]
    lists = sum(bool(FORMATS[source.format].stop_list) for source in loaded)
    return ", ".join([*said, *([counted(lists, "stop list")] if lists else [])])


def _days(times: Sequence[int], zone: str) -> str:
    first, last = (in_words(ms, zone).split()[0] for ms in (min(times), max(times)))
    return first if first == last else f"{first} to {last}"


def domain_part(screen: Screen, known: RecipientDossier) -> None:
    """Whether the others at the domain get their mail, in a sentence, with the reasons for which mail to them fails."""
    others = known.neighbours
    if others is None:
        return
    st.subheader("Are others at the domain fine?", anchor=False)
    query = Query(domain=others.domain, since_ms=others.until_ms - DAYS * DAY_MS, until_ms=others.until_ms + 1)
    told = others.sentence(known.in_trouble)
    bare = others.sentence(known.in_trouble, share=False)
    missing = withheld.missing_of(screen, query) if told != bare else ""
    withheld.say(missing)
    st.text(bare if missing else told)  # no Markdown: a domain that is copied from it has to be the domain
    if others.messages:
        rest = [f"{others.waiting:,} waiting"] if others.waiting else []
        rest += [f"{others.stopped:,} never reached the domain or ended unknown"] if others.stopped else []
        beside = f" Not among the settled: {', '.join(rest)}." if rest else ""
        addresses = counted(others.addresses, "other address", "other addresses")
        st.caption(plain(f"{counted(others.messages, 'message')} to {addresses} in all.{beside}"))
    if others.reasons:
        shown = pd.DataFrame(
            {
                "reason": [reason_title(label) for label in others.reasons],
                "n": list(others.reasons.values()),
                "own": ["yes" if label == others.own_reason else "" for label in others.reasons],
            }
        )
        st.dataframe(
            shown,
            hide_index=True,
            alt="Why mail to other addresses at the domain failed",
            column_config={
                "reason": st.column_config.TextColumn("Why mail to others there failed", width="medium"),
                "n": st.column_config.NumberColumn("Messages", width="small"),
                "own": st.column_config.TextColumn("Reason of this address", width="small"),
            },
        )
        n = f"{sum(others.reasons.values()):,} failed messages to other addresses at the domain"
        notes = downloads.made_with(screen, query, n) | {"left out": one_line(known.address)}
        downloads.table_as_csv(shown, "reasons_at_the_domain", notes)


def mail_part(screen: Screen, known: RecipientDossier) -> None:
    """The messages of the address along time and as a table; a click opens one."""
    if not known.messages:
        return
    st.subheader("Its messages", anchor=False)
    found = find_messages(screen.snapshot, Query(recipient=known.address))
    if known.messages > len(found):
        st.caption(f"The newest {len(found):,} of {known.messages:,}; a screen takes no more than {SCREENFUL:,}.")
    n = f"{len(found):,} of {counted(known.messages, 'message')}, the newest first"
    chosen = charts.picture(
        draw_recipient(found, screen.zone),
        "messages_to_the_address",
        alt=f"{counted(len(found), 'message')} to the address by time of sending and outcome",
        formula="each mark is a message at its time of sending, by the outcome known now",
        data=found,
        notes=downloads.made_with(screen, Query(recipient=known.address), n),
        selects=True,
    )
    _open_marks(charts.selected(chosen), found, known.address, screen.zone)
    st.caption("Click a mark to open its message, or draw a box to list those in it.")
    key = f"recipient_messages_{_short(known.address)}"
    picked = messages_table(found, screen.zone, key=key, alt="Messages to the address, newest first")
    case_basket.put_button(screen.workspace, [found["message"][row] for row in picked.ticked])
    if picked.clicked is not None:
        _open(found["message"][picked.clicked])


def _open_marks(marks: Sequence[tuple[str, str]], found: pd.DataFrame, address: str, zone: str) -> None:
    """Go to the message of the mark that was clicked, or to the list of those that were boxed."""
    if len(marks) == 1:
        _open(marks[0][0])
    elif marks:
        sent = found.loc[found["message"].isin([message for message, _ in marks]), "sent_ms"]
        outcomes = tuple(dict.fromkeys(Outcome(outcome) for _, outcome in marks))
        first, last = int(sent.min()), int(sent.max())
        query = Query(recipient=address, outcomes=outcomes, since_ms=first, until_ms=last + 1)
        views.open_messages(View(query=query), zone)


def _open(message: str) -> None:
    state.set_opened(message)
    st.switch_page(_MESSAGE, query_params={"message": message})


def _short(address: str) -> str:
    return hashlib.sha256(address.encode()).hexdigest()[:12]
