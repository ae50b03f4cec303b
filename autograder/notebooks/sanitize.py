"""Markdown of a student's making, for other people's browsers: text, emphasis, mathematics, and links to web pages.

nbconvert and formgrader render Markdown with HTML, with links of every scheme and with MathJax's \\href. What a reader
of the essay needs has none of these, so their syntax is broken up: the words stay, nothing can run, nothing is fetched.
"""

import re

TAG = re.compile(r"<(?=[A-Za-z/!?])")
ENTITY = re.compile(r"&(?=#|[A-Za-z][A-Za-z0-9]*;)")  # a link's scheme can be written in entities
IMAGE = re.compile(r"!(?=\[)")
LINK = re.compile(r"\](?=\((?!https?://))")
DEFINITION = re.compile(r"\](?=:(?!\s*https?://))")
# TeX that makes links, loads extensions, or gives such a command another name.
COMMAND = re.compile(
    r"\\(?=(?:href|url|html\w*|class|cssId|style|data|require|include\w*|unicode|let|\w*def|\w*newcommand|\w*command"
    r"|\w*newenvironment|renewenvironment|Declare\w*|csname|catcode|bbox|enclose|mmlToken|tooltip|toggle|texttip)\b)",
    re.IGNORECASE,
)


def harmless(markdown: str) -> str:
    """The text with its tags, entities, images, odd links and active TeX broken up."""
    markdown = TAG.sub("&lt;", ENTITY.sub("&amp;", markdown))
    markdown = DEFINITION.sub("] ", LINK.sub("] ", IMAGE.sub("! ", markdown)))
    return COMMAND.sub(r"\\ ", markdown)
