"""The wheel carries the dashboard and the samples, so that `pip install lasthop && lasthop demo` works."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_the_wheel_holds_all_that_the_commands_need(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())

    pages = {f"lasthop/_app/pages/{page.name}" for page in (ROOT / "pages").glob("*.py")}
    samples = {f"lasthop/_app/data/samples/{sample.name}" for sample in (ROOT / "data" / "samples").iterdir()}
    queries = {path.relative_to(ROOT / "lib").as_posix() for path in (ROOT / "lib").rglob("*.sql")}
    assert {"lasthop/_app/app.py", "lasthop/_app/.streamlit/config.toml", "lasthop/py.typed"} <= names
    assert pages and pages <= names
    assert samples and samples <= names
    assert queries and queries <= names
    catalogues = {path.relative_to(ROOT / "lib").as_posix() for path in (ROOT / "lib").rglob("*.toml")}
    assert {"lasthop/explain/catalogue/outcomes.toml", "lasthop/pack/letters/wordings.toml"} <= catalogues <= names
    assert not [name for name in names if "tests/" in name or "__pycache__" in name]
