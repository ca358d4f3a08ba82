"""What this machine enforces is said in sentences."""

from gradus.sandbox import layers as module
from gradus.sandbox.layers import layers


def test_every_layer_says_a_sentence() -> None:
    for layer in layers():
        assert layer.says.endswith("."), layer.name


def test_a_system_without_the_layers_says_what_is_not_stopped(monkeypatch) -> None:
    monkeypatch.setattr(module.landlock, "abi", lambda: 0)
    monkeypatch.setattr(module.seccomp, "supported", lambda: False)
    monkeypatch.setattr(module, "namespaces_here", lambda: ())
    missing = {layer.name: layer.says for layer in layers() if not layer.enforced}
    assert set(missing) == {"files", "system calls", "namespaces"}
    assert "can read and write all your files" in missing["files"]


def test_without_landlock_a_read_only_system_still_stops_writing(monkeypatch) -> None:
    monkeypatch.setattr(module.landlock, "abi", lambda: 0)
    monkeypatch.setattr(module, "namespaces_here", lambda: ("user", "mount"))
    says = {layer.name: layer.says for layer in layers()}
    assert says["files"].startswith("Code that is checked writes only its own folder, but")
