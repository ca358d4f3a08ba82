"""Type hints and docstrings come and go."""

import ast

from gradus.conformance.rewriting.rewrite import CALLED, Page, rewrite
from gradus.conformance.rewriting.tree import (
    after_docstring,
    every_function,
    functions,
    holds,
    own_blocks,
    statement,
)


@rewrite(kinds=CALLED)
def hints_removed(page: Page) -> bool:
    """Functions lose their type hints."""
    changed = False
    for function in every_function(page.tree):
        if function.decorator_list:
            continue
        for each in ast.walk(function.args):
            if isinstance(each, ast.arg) and each.annotation is not None:
                each.annotation, changed = None, True
        changed = changed or function.returns is not None
        function.returns = None
        for body in own_blocks(function):
            for place, each in enumerate(body):
                if isinstance(each, ast.AnnAssign) and each.value is not None:
                    body[place] = ast.Assign([each.target], each.value)
                    changed = True
    return changed


@rewrite(kinds=CALLED)
def hints_added(page: Page) -> bool:
    """Functions without type hints get some."""
    changed = False
    for function in functions(page.tree):
        if function.decorator_list:
            continue
        args = function.args
        for each in (*args.posonlyargs, *args.args, *args.kwonlyargs):
            if each.annotation is None:
                each.annotation, changed = ast.Constant("object"), True
        if function.returns is None:
            function.returns, changed = ast.Constant("object"), True
    return changed


@rewrite()
def docstrings_removed(page: Page) -> bool:
    """Functions lose their docstrings."""
    if holds(page.tree, ast.ClassDef) or "__doc__" in ast.dump(page.tree):
        return False
    changed = False
    for function in every_function(page.tree):
        if after_docstring(function.body):
            function.body[0] = ast.Pass()
            changed = True
    return changed


@rewrite()
def docstrings_added(page: Page) -> bool:
    """Functions without a docstring get one."""
    if "__doc__" in ast.dump(page.tree):
        return False
    changed = False
    for function in every_function(page.tree):
        if not after_docstring(function.body):
            function.body.insert(0, statement("'''Does what it is asked for.'''"))
            changed = True
    return changed


@rewrite()
def unused_things(page: Page) -> bool:
    """A function, a constant and an import stand in the file that nothing uses."""
    if page.collected:
        return False
    lines = (
        "import string as _unused_module\n"
        "_UNUSED = {'left': 'over'}\n"
        "def _unused(given):\n    return given\n"
    )
    page.tree.body += ast.parse(lines).body
    return True


@rewrite()
def guarded_main(page: Page) -> bool:
    """The file ends with what it does when it is run as a program."""
    if "__main__" in ast.dump(page.tree):
        return False
    page.tree.body += ast.parse("if __name__ == '__main__':\n    print('as a program')\n").body
    return True
