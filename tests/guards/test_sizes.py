"""Small files with one subject, short functions: what nobody can overlook at a glance, nobody maintains."""

from tests.guards.source import ROOT, functions, python_files

LONGEST_FILE = 300
LONGEST_FUNCTION = 45
SHORT = 25
SHARE_OF_SHORT = 0.9
# Made by Alembic in one piece; a migration is read once.
GENERATED = {"portal/migrations/versions/0001_the_house.py"}


def too_long(name: str, source: str) -> list[str]:
    faults = []
    lines = source.count("\n")
    if lines > LONGEST_FILE:
        faults.append(f"{name} has {lines} lines: split it by ability")
    for function, line, length in functions(source):
        if length > LONGEST_FUNCTION:
            faults.append(f"{name}:{line} {function} has {length} lines: it does several jobs")
    return faults


def test_no_file_and_no_function_is_too_long() -> None:
    faults = []
    for path in python_files("portal", "sessions", "bench"):
        name = str(path.relative_to(ROOT))
        if name not in GENERATED:
            faults += too_long(name, path.read_text())
    assert not faults, "\n".join(faults)


def test_nine_of_ten_functions_are_short() -> None:
    lengths = [
        length
        for path in python_files("portal", "sessions")
        if str(path.relative_to(ROOT)) not in GENERATED
        for _, _, length in functions(path.read_text())
    ]
    share = sum(length <= SHORT for length in lengths) / len(lengths)
    assert share >= SHARE_OF_SHORT, f"only {share:.0%} of the functions have at most {SHORT} lines"


def test_the_guard_sees_a_long_function_and_a_long_file() -> None:
    body = "def f():\n" + "    x = 1\n" * 60
    assert len(too_long("planted.py", body)) == 1
    assert len(too_long("planted.py", "x = 1\n" * 301)) == 1
