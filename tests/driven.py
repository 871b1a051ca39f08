"""Every scenario, entered in `DRIVEN` by importing the files that hold them."""

from __future__ import annotations

from tests import driven_cards, driven_lists, driven_orders, driven_personal, driven_setup
from tests.everything import DRIVEN

__all__ = ["DRIVEN"]
MODULES = (driven_cards, driven_lists, driven_orders, driven_personal, driven_setup)
