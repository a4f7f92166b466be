"""The key is made once and kept where nobody else reads it."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from cwg import secret_key


def test_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    key = secret_key.kept_in(path)
    assert len(key) >= 50
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert secret_key.kept_in(path) == key
    assert list(tmp_path.iterdir()) == [path]


def test_many_at_once_agree(tmp_path: Path) -> None:
    path = tmp_path / "secret-key"
    with ThreadPoolExecutor(8) as pool:
        keys = {*pool.map(secret_key.kept_in, [path] * 32)}
    assert len(keys) == 1
