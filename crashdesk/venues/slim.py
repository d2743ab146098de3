"""Importing one ccxt.pro class without the other hundred exchanges: less than half the time and memory."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import sys
from types import ModuleType
from typing import Any

_PACKAGES = ("ccxt", "ccxt.async_support", "ccxt.pro")


class _Shell(ModuleType):
    """A package whose `__init__` has not run.

    ccxt's modules ask the packages only for error classes, the base class and each other's exchange classes.
    """

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        errors = importlib.import_module("ccxt.base.errors")
        if hasattr(errors, name):
            return getattr(errors, name)
        if name in ("Exchange", "BaseExchange"):
            base = "ccxt.base.exchange" if self.__name__ == "ccxt" else "ccxt.async_support.base.exchange"
            return getattr(importlib.import_module(base), name)
        raise AttributeError(f"module {self.__name__!r} has no attribute {name!r}")


def exchange_class(name: str) -> type[Any]:
    """The ccxt.pro class of an exchange id, imported by itself.

    Uses the whole ccxt when that is imported already, or when its insides have changed so that the slim way fails.
    Raises LookupError when ccxt has no such exchange.
    """
    if any(package in sys.modules and not isinstance(sys.modules[package], _Shell) for package in _PACKAGES):
        return _plain(name)
    try:
        return _slim(name)
    except ModuleNotFoundError as error:
        if error.name == f"ccxt.async_support.{name}":
            raise LookupError(f"ccxt has no exchange {name!r}") from None
        return _plain_afresh(name)
    except Exception:  # noqa: BLE001 - it leans on ccxt's insides: whatever breaks, the plain import remains
        return _plain_afresh(name)


def _slim(name: str) -> type[Any]:
    if "ccxt" not in sys.modules:
        _install_shells()
    _load("ccxt.async_support", name)
    return _load("ccxt.pro", name)


def _load(package: str, name: str) -> type[Any]:
    """Import an exchange's module and let its class stand in the package under its name, as ccxt's `__init__` would.

    The import machinery puts the MODULE there, and those of the exchanges that it builds on.
    """
    importlib.import_module(f"{package}.{name}")
    shell = sys.modules[package]
    for key, value in list(vars(shell).items()):
        if isinstance(value, ModuleType) and isinstance(found := getattr(value, key, None), type):
            setattr(shell, key, found)
    found = getattr(shell, name)
    if not isinstance(found, type):
        raise TypeError(f"{package}.{name} holds no class {name}")
    return found


def _plain_afresh(name: str) -> type[Any]:
    for module in [module for module in sys.modules if module == "ccxt" or module.startswith("ccxt.")]:
        del sys.modules[module]
    return _plain(name)


def _plain(name: str) -> type[Any]:
    whole = importlib.import_module("ccxt.pro")
    if name not in whole.exchanges:
        raise LookupError(f"ccxt has no exchange {name!r}")
    found: type[Any] = getattr(whole, name)
    return found


def _install_shells() -> None:
    spec = importlib.util.find_spec("ccxt")
    if spec is None or not spec.submodule_search_locations:
        raise ImportError("ccxt is not installed")
    root = next(iter(spec.submodule_search_locations))
    for package in _PACKAGES:
        shell = _Shell(package)
        below = package.removeprefix("ccxt").strip(".")
        shell.__path__ = [f"{root}/{below}" if below else root]
        shell.__spec__ = importlib.machinery.ModuleSpec(package, None, is_package=True)
        sys.modules[package] = shell
        if below:
            setattr(sys.modules["ccxt"], below, shell)
