"""Where marketers build a quiz: a page for each part of it, and a phone that shows what customers would see.

`frame.py` lists the pages, `urls.py` their addresses; each page has a package of its own. What they share stands here:
saving (`autosave.py`, `changes.py`), rules in words (`sentences.py`) and as rows (`logic/`), places in a draft
(`places.py`), and trying the whole quiz (`walking.py`).
"""
