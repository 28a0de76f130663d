"""similar "TITLE": what has been said like it, as the index answers now."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from community.models import Board
from feedback.similar import find_similar
from feedback.similar_index import index_what_is_stale


class Command(BaseCommand):
    """Answers as a visitor would be answered: nothing that anyone may not see."""

    help = "Finds suggestions similar to a title."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("title", nargs="?", default="")
        parser.add_argument("--body", default="", help="the text under the title")
        parser.add_argument("--board", help="slug of a board; only suggestions in it")
        parser.add_argument("--limit", type=int, default=5)
        parser.add_argument("--reindex", action="store_true", help="first read what the index has missed or read otherwise")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["title"] and not options["reindex"]:
            raise CommandError("Please give a title.")
        board = Board.objects.visible_to(None).filter(slug=options["board"]).first() if options["board"] else None
        if options["board"] and board is None:
            raise CommandError(f"There is no board {options['board']} that anyone may see.")
        if options["reindex"]:
            self.stderr.write(f"{index_what_is_stale()} suggestions read")
        if options["title"]:
            self._answer(board, options)

    def _answer(self, board: Board | None, options: dict[str, Any]) -> None:
        found = find_similar(title=options["title"], body=options["body"], asker=None, board=board, limit=options["limit"])
        if options["json"]:
            self.stdout.write(json.dumps({"count": len(found), "results": [asdict(hit) for hit in found]}, ensure_ascii=False))
            return
        for hit in found:
            self.stdout.write(f"{hit.score:.3f}  #{hit.post_id}  [{hit.status}, {hit.votes} votes]  {hit.title}")
        if not found:
            self.stdout.write("Nothing similar.")
