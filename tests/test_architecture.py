"""The house of DESIGN.md and the budgets of STYLE.md, measured from the code itself."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = {"community", "feedback", "rewards", "config"}
MAY_IMPORT = {
    "community": set(),
    "feedback": {"community"},
    "rewards": {"community"},
    "config": {"community", "feedback", "rewards"},
}
TOP_LEVEL = {
    "manage.py", "pyproject.toml", "requirements.txt", "requirements-dev.txt", "feedback", "community", "rewards",
    "config", "templates", "static", "tests", "locale", "docs", "bench", "docker-compose.yml", "Dockerfile",
    "README.md", "CHANGELOG.md", "LICENSE",
}  # fmt: skip


def python_files(*folders: str) -> list[Path]:
    return sorted(path for folder in folders for path in (ROOT / folder).rglob("*.py"))


SOURCES = [path for path in python_files(*sorted(APPS)) if "migrations" not in path.parts] + [ROOT / "manage.py"]
TESTS = python_files("tests")


def functions_of(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def imports_of(tree: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module)
        elif isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
    return found


def apps_in(modules: set[str]) -> set[str]:
    return {module.split(".")[0] for module in modules} & APPS


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def lines(path: Path) -> int:
    return len(path.read_text().splitlines())


def test_no_module_is_longer_than_400_lines():
    assert not {name(path): lines(path) for path in SOURCES + TESTS if lines(path) > 400}


def test_no_function_is_longer_than_40_lines():
    def length(function: ast.FunctionDef) -> int:
        return function.end_lineno - function.lineno + 1

    assert not [f"{name(p)}:{f.name} {length(f)}" for p in SOURCES for f in functions_of(p) if length(f) > 40]


def test_no_class_has_more_than_12_methods():
    wide = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                methods = [part for part in node.body if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef)]
                wide += [f"{name(path)}:{node.name}"] if len(methods) > 12 else []
    assert not wide


def test_apps_import_only_downwards():
    for path in SOURCES:
        app = path.relative_to(ROOT).parts[0]
        if app in APPS:
            forbidden = apps_in(imports_of(ast.parse(path.read_text()))) - MAY_IMPORT[app] - {app}
            assert not forbidden, f"{name(path)} imports {forbidden}"


def test_no_function_imports_one_of_our_apps():
    assert not [
        f"{name(p)}:{f.name}" for p in SOURCES for f in functions_of(p) if p.name != "manage.py" and apps_in(imports_of(f))
    ]


def test_every_function_outside_tests_is_annotated():
    def is_bare(function: ast.FunctionDef) -> bool:
        arguments = function.args.posonlyargs + function.args.args + function.args.kwonlyargs
        untyped = [a for a in arguments if a.annotation is None and a.arg not in {"self", "cls"}]
        return function.returns is None or bool(untyped)

    # The bootstrap must be read by Pythons older than ours, so its types are comments in its docstrings.
    old = {"manage.py", "config/bootstrap.py"}
    assert not [f"{name(p)}:{f.name}" for p in SOURCES if name(p) not in old for f in functions_of(p) if is_bare(f)]


def test_nothing_listens_to_model_signals():
    word = re.compile(r"\b(post_save|pre_save|post_delete|pre_delete|m2m_changed|post_init|pre_init)\b")
    assert not [name(path) for path in SOURCES if word.search(path.read_text())]


def test_serializers_and_views_write_nothing():
    writes = re.compile(r"\.(save|create|bulk_create|update_or_create|get_or_create|bulk_update|delete|update)\(")
    guilty = []
    for path in SOURCES:
        if "views" in path.parts or path.name in {"api.py", "serializers.py"}:
            text = re.sub(
                r"(values|context|headers|data|found|query|session|cookies?|hashlib\.\w+|digest)\.update\(",
                "",
                path.read_text(),
            )
            guilty += [f"{name(path)}: {hit.group(0)}" for hit in writes.finditer(text) if "form" not in hit.group(0)]
    assert not guilty


def test_rows_are_locked_without_blocking_what_refers_to_them():
    locks = [(name(p), m.group(0)) for p in SOURCES for m in re.finditer(r"select_for_update\([^)]*\)", p.read_text())]
    assert locks
    assert not [lock for lock in locks if "no_key=True" not in lock[1]]


def test_tests_are_at_least_as_long_as_what_they_test():
    assert sum(map(lines, TESTS)) >= sum(map(lines, SOURCES))


def test_settings_are_one_file_of_at_most_250_lines():
    assert lines(ROOT / "config" / "settings.py") <= 250


def test_the_top_level_holds_what_the_design_names():
    shown = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split("\n")
    names = {line.split("/")[0] for line in shown if line}
    assert not {entry for entry in names - TOP_LEVEL if not entry.startswith(".")}


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_locks_are_hashed_and_name_no_host(lock):
    text = (ROOT / lock).read_text()
    assert "--hash=sha256:" in text
    assert not re.search(r"https?:|index-url|find-links|file:", text)


def test_every_dependency_says_why():
    text = (ROOT / "pyproject.toml").read_text()
    listed = re.findall(r'^  "[^"]+",(.*)$', text.split("[tool.")[0], flags=re.MULTILINE)
    assert listed
    assert all(line.strip().startswith("#") for line in listed)


def test_nothing_names_this_machine():
    shown = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True).stdout.split("\0")
    inner = re.compile(rb"/work/(main|shared|\.library)|/opt/pypi|/root/\.pyenv")
    texts = [ROOT / path for path in shown if path and path != "tests/test_architecture.py" and (ROOT / path).is_file()]
    assert not [name(path) for path in texts if inner.search(path.read_bytes())]


def test_the_import_contracts_hold():
    run = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"], cwd=ROOT, capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout
