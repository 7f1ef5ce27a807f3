"""Message -> verdict, who can act, what to do next."""

from lasthop.explain.dossier import Dossier, as_json, dossier, event_as_json, iso
from lasthop.explain.verdict import Step, Verdict, in_words, verdict

__all__ = ["Dossier", "Step", "Verdict", "as_json", "dossier", "event_as_json", "in_words", "iso", "verdict"]
