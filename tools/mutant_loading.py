"""Has a module of this process replaced by one with a fault in it."""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import CodeType, ModuleType

from tools.mutant_modules import Module


class _Faulty(importlib.machinery.SourceFileLoader):
    """Loads a module with a fault in it."""

    def __init__(self, name: str, path: str, tree: ast.Module) -> None:
        super().__init__(name, path)
        self.tree = tree

    def get_code(self, fullname: str) -> CodeType:
        """The code of the changed source."""
        del fullname
        return compile(self.tree, self.path, "exec", dont_inherit=True)


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the one module that has a fault in it."""

    def __init__(self, module: Module, tree: ast.Module) -> None:
        self.module, self.tree = module, tree

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The module's specification with the loader of the changed source; None for any other module."""
        del path, target
        if fullname != self.module.name:
            return None
        place = self.module.path
        inside = [str(place.parent)] if place.name == "__init__.py" else None
        loader = _Faulty(fullname, str(place), self.tree)
        return importlib.util.spec_from_file_location(fullname, place, loader=loader, submodule_search_locations=inside)


def put_in(module: Module, tree: ast.Module) -> None:
    """Have a module of this process replaced by a changed one; whatever imports it is loaded anew."""
    for name in module.users:
        sys.modules.pop(name, None)
        package, _, last = name.rpartition(".")
        if parent := sys.modules.get(package):
            # `from package import module` looks at the package first.
            vars(parent).pop(last, None)
    finder = _Finder(module, tree)
    sys.meta_path.insert(0, finder)
    spec = finder.find_spec(module.name, None)
    if not module.name.startswith("generator.") and spec is not None and spec.loader is not None:
        # The registry loads a pack's module from its path unless it is there already.
        changed = sys.modules[module.name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(changed)
