"""search "WORDS": what a visitor would find, as the index answers now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.html import strip_tags

from community.search import Wanted, find
from community.search.index import index_what_is_stale


class Command(BaseCommand):
    """Answers as a visitor would be answered: nothing that anyone may not see."""

    help = "Searches posts and comments."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("words", nargs="?", default="")
        parser.add_argument("--limit", type=int, default=10)
        parser.add_argument("--reindex", action="store_true", help="first read what the index has missed or read otherwise")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["words"] and not options["reindex"]:
            raise CommandError("Please say what to look for.")
        if options["reindex"]:
            self.stderr.write(f"{index_what_is_stale()} posts and comments read")
        if options["words"]:
            self._answer(options)

    def _answer(self, options: dict[str, Any]) -> None:
        found = find(None, Wanted(words=options["words"]), size=options["limit"])
        rows = [
            {"post": hit.row.post_id, "comment": hit.comment and hit.comment.pk, "title": hit.row.post.title}
            for hit in found.hits
        ]
        if options["json"]:
            self.stdout.write(json.dumps({"count": found.count, "exact": found.exact, "results": rows}, ensure_ascii=False))
            return
        for hit in found.hits:
            self.stdout.write(f"#{hit.row.post_id}  {hit.row.post.title}\n    {strip_tags(hit.passage)}")
        if not found.hits:
            self.stdout.write("Nothing found.")
