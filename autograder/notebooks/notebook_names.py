"""Which files may be notebooks: browsers and mail programs add .json or .txt to a notebook's name."""

import re

NOTEBOOK_NAME = re.compile(r".*\.ipynb", re.IGNORECASE | re.DOTALL)
ADDED_ENDING = re.compile(r".*\.(?:ipynb\.)?(?:json|txt)", re.IGNORECASE | re.DOTALL)


def is_notebook_name(name: str) -> bool:
    return NOTEBOOK_NAME.fullmatch(name) is not None


def may_be_notebook(name: str) -> bool:
    """Might a file of this name hold a notebook all the same? Its content has to say so."""
    return ADDED_ENDING.fullmatch(name) is not None


def stems_of(name: str) -> tuple[str, str]:
    """The name without folders and endings; and without what is added to a name that is there already, as in
    "work-2" and "work (1)".
    """
    plain = re.sub(r"\.ipynb(\.json|\.txt)?$", "", name.split("/")[-1], flags=re.IGNORECASE)
    return plain, re.sub(r"(-\d{1,6}| \(\d{1,6}\))$", "", plain)
