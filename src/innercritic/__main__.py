"""``python -m innercritic`` is the command ``innercritic``."""

from .cli import main

main()
