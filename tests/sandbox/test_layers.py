"""What this machine enforces is said in sentences."""

import pytest

from gradus.core.errors import PrerequisiteError
from gradus.sandbox import layers as module
from gradus.sandbox.layers import layers, require_every_layer


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


def test_strict_mode_names_the_layer_that_is_missing_and_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setattr(module.landlock, "abi", lambda: 0)
    monkeypatch.setattr(module, "namespaces_here", lambda: ("user", "mount"))
    with pytest.raises(PrerequisiteError) as refused:
        require_every_layer()
    assert "a layer of isolation is missing: files." in refused.value.message
    assert refused.value.command == "cat /sys/kernel/security/lsm"


def test_every_layer_that_can_be_missing_says_how_to_get_it(monkeypatch) -> None:
    monkeypatch.setattr(module.landlock, "abi", lambda: 0)
    monkeypatch.setattr(module.seccomp, "supported", lambda: False)
    monkeypatch.setattr(module, "namespaces_here", lambda: ())
    for layer in layers():
        assert layer.enforced or "\n" in layer.how, layer.name


@pytest.mark.parametrize(
    ("name", "closed", "command"),
    [
        (
            "kernel.apparmor_restrict_unprivileged_userns",
            "1",
            "sudo sysctl -w kernel.apparmor_restrict_unprivileged_userns=0",
        ),
        ("user.max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=10000"),
    ],
)
def test_the_switch_that_closes_namespaces_is_named(monkeypatch, name, closed, command) -> None:
    monkeypatch.setattr(module.sys, "platform", "linux")
    place = f"/proc/sys/{name.replace('.', '/')}"

    def read(path) -> str:
        if str(path) == place:
            return closed
        raise FileNotFoundError

    monkeypatch.setattr(module.Path, "read_text", read)
    assert module._how_to_get_namespaces().splitlines()[-1] == command
