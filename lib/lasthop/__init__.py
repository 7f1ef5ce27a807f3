"""Where did this e-mail get to, why did it stop there, and who can fix it?"""

from importlib.metadata import version

__version__ = version("lasthop")
