"""Message -> verdict, who can fix it, what to do next."""

from lasthop.explain.dossier import Dossier, dossier, dossier_json, event_json, iso
from lasthop.explain.verdict import Step, Verdict, in_words, verdict

__all__ = ["Dossier", "Step", "Verdict", "dossier", "dossier_json", "event_json", "in_words", "iso", "verdict"]
